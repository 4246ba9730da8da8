using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Shop.Bench.Search;

/// <summary>Stands between the read API and Elasticsearch and keeps the last search, so that it can be sent directly.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly HttpClient _server;
    private readonly WebApplication _app;

    private RecordingProxy(HttpClient server, WebApplication app) => (_server, _app) = (server, app);

    public string Address => _app.Services.GetRequiredService<IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>The last request whose path ends with <c>_search</c>.</summary>
    public RecordedSearch? Last { get; private set; }

    public static async Task<RecordingProxy> StartAsync(string server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var proxy = new RecordingProxy(new() { BaseAddress = new(server) }, builder.Build());
        proxy._app.Run(proxy.ForwardAsync);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task ForwardAsync(HttpContext context)
    {
        var request = context.Request;
        var path = $"{request.Path}{request.QueryString}";
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        var body = copy.ToArray();
        if (request.Path.Value!.EndsWith("_search", StringComparison.Ordinal) && body.AsSpan().IndexOf("freshness"u8) < 0)
            Last = new(path, request.ContentType, request.Headers.Accept.ToString(), body);

        using var forwarded = new HttpRequestMessage(new(request.Method), path);
        if (body.Length > 0)
            forwarded.Content = new ByteArrayContent(body);
        foreach (var header in request.Headers.Where(header => !IsOfConnection(header.Key)))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
                forwarded.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        }

        using var response = await _server.SendAsync(forwarded);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var header in response.Headers.Concat(response.Content.Headers).Where(header => !IsOfConnection(header.Key)))
            context.Response.Headers[header.Key] = header.Value.ToArray();
        if (response.StatusCode != HttpStatusCode.NoContent && !HttpMethods.IsHead(request.Method))
            await response.Content.CopyToAsync(context.Response.Body);
    }

    private static bool IsOfConnection(string header) =>
        header is "Host" or "Connection" or "Transfer-Encoding" or "Content-Length" or "Keep-Alive";
}

internal sealed record RecordedSearch(string Path, string? ContentType, string Accept, byte[] Body)
{
    public HttpRequestMessage ToRequest()
    {
        var content = new ByteArrayContent(Body);
        content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", Accept);
        return request;
    }
}
