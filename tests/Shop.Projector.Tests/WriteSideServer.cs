using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop.Contracts;

namespace Shop.Projector.Tests;

/// <summary>What the projector asks the write API for, over HTTP, from a list of states.</summary>
internal sealed class WriteSideServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WriteSideServer(WebApplication app) => _app = app;

    public ConcurrentDictionary<Guid, OrderState> States { get; } = [];

    public string Address => _app.Urls.First();

    public static async Task<WriteSideServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var server = new WriteSideServer(builder.Build());
        server._app.MapGet("/internal/orders/versions", (HttpResponse response) => WriteAsync(
            response,
            server.States.Values.OrderBy(state => state.Id).Select(state => new OrderVersion(state.Id, state.Version)),
            line => JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Default.OrderVersion)));
        server._app.MapGet("/internal/orders/states", (string ids, HttpResponse response) => WriteAsync(
            response,
            ids.Split(',').Select(Guid.Parse).Where(server.States.ContainsKey).Select(id => server.States[id]),
            line => JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Default.OrderState)));
        await server._app.StartAsync();
        return server;
    }

    public OrderState Add(OrderState state) =>
        States.AddOrUpdate(state.Id, state, (_, known) => state.Version > known.Version ? state : known);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task WriteAsync<T>(HttpResponse response, IEnumerable<T> lines, Func<T, byte[]> toJson)
    {
        response.ContentType = "application/x-ndjson";
        foreach (var line in lines)
        {
            await response.Body.WriteAsync(toJson(line));
            await response.Body.WriteAsync("\n"u8.ToArray());
        }
    }
}
