using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop.Contracts;

namespace Shop.Projector.Tests;

/// <summary>The write API's feeds, over HTTP, from a list of documents in memory.</summary>
internal sealed class WriteApiServer : IAsyncDisposable
{
    private const int LinesBeforeGate = 1_500;

    private readonly WebApplication _app;

    private Task _gate = Task.CompletedTask;

    private WriteApiServer(WebApplication app) => _app = app;

    public ConcurrentDictionary<Guid, OrderDocument> States { get; } = [];

    /// <summary>Erased customers, and the versions of their orders that have no personal data.</summary>
    public ConcurrentDictionary<Guid, OrderVersion[]> Erased { get; } = [];

    public string Address => _app.Urls.First();

    public Guid DatabaseId { get; set; } = Guid.CreateVersion7();

    public static async Task<WriteApiServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new WriteApiServer(builder.Build());
        server._app.Use((context, next) =>
        {
            context.Response.Headers[FeedHeaders.DatabaseId] = $"{server.DatabaseId}";
            return next(context);
        });
        server._app.MapGet("/internal/orders/versions", (HttpResponse response) => WriteAsync(
            response,
            server.States.Values.OrderBy(state => state.Id).Select(state => new OrderVersion(state.Id, state.Version)),
            line => JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Default.OrderVersion)));
        server._app.MapGet("/internal/orders/states", (string? ids, HttpResponse response) => WriteAsync(
            response,
            ids is null
                ? server.States.Values.OrderBy(state => state.Id)
                : ids.Split(',').Select(Guid.Parse).Where(server.States.ContainsKey).Select(id => server.States[id]),
            line => JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Default.OrderDocument),
            ids is null ? server._gate : Task.CompletedTask));
        server._app.MapGet("/internal/customers/{id:guid}/erased-orders", (Guid id, HttpResponse response) =>
        {
            response.StatusCode = server.Erased.ContainsKey(id) ? 200 : 404;
            return WriteAsync(
                response,
                server.Erased.GetValueOrDefault(id, []),
                line => JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Default.OrderVersion));
        });
        await server._app.StartAsync();
        return server;
    }

    public OrderDocument Add(OrderDocument state) =>
        States.AddOrUpdate(state.Id, state, (_, known) => state.Version > known.Version ? state : known);

    /// <summary>Holds streams of all states up in their middle.</summary>
    /// <returns>What opens the gate.</returns>
    public TaskCompletionSource CloseGate()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _gate = gate.Task;
        return gate;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task WriteAsync<T>(
        HttpResponse response, IEnumerable<T> lines, Func<T, byte[]> toJson, Task? gate = null)
    {
        response.ContentType = "application/x-ndjson";
        var count = 0;
        foreach (var line in lines)
        {
            if (++count == LinesBeforeGate && gate is not null)
                await gate.WaitAsync(response.HttpContext.RequestAborted);
            await response.Body.WriteAsync(toJson(line));
            await response.Body.WriteAsync("\n"u8.ToArray());
        }
    }
}
