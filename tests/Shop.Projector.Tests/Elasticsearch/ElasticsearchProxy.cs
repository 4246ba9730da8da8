using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shop.Projector.Tests.Elasticsearch;

/// <summary>A proxy for a real Elasticsearch. Tests control how it handles bulk requests.</summary>
internal sealed class ElasticsearchProxy : IAsyncDisposable
{
    /// <summary>Without this header, the client rejects the server as another product.</summary>
    private const string Product = "X-elastic-product";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly WebApplication _app;
    private readonly HttpClient _server;

    private ElasticsearchProxy(WebApplication app, string server)
    {
        _app = app;
        _server = new() { BaseAddress = new(server) };
        _app.Run(HandleAsync);
    }

    public string Address => _app.Urls.First();

    /// <summary>
    /// What becomes of a bulk: gets its body and what sends one to the server, and says what is answered; null to
    /// break the connection off.
    /// </summary>
    public Func<string, SendBulk, Task<ProxyAnswer?>> OnBulk { get; set; } = PassAsync;

    public static async Task<ElasticsearchProxy> StartAsync(string server)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var proxy = new ElasticsearchProxy(builder.Build(), server);
        await proxy._app.StartAsync();
        return proxy;
    }

    public static async Task<ProxyAnswer?> PassAsync(string bulk, SendBulk send) => await send(bulk);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        var answer = request.Path.Value!.EndsWith("/_bulk", StringComparison.Ordinal)
            ? await OnBulk(body, bulk => SendAsync(request, bulk))
            : await SendAsync(request, body);
        if (answer is null)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = Json.MediaType;
        context.Response.Headers[Product] = "Elasticsearch";
        if (!HttpMethods.IsHead(request.Method))
            await context.Response.WriteAsync(answer.Body);
    }

    private async Task<ProxyAnswer> SendAsync(HttpRequest request, string body)
    {
        using var message = new HttpRequestMessage(
            new HttpMethod(request.Method), new Uri($"{request.Path}{request.QueryString}", UriKind.Relative));
        if (body.Length > 0)
            message.Content = new StringContent(body, Json);

        try
        {
            using var response = await _server.SendAsync(message);
            return new((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException exception)
        {
            return new(StatusCodes.Status502BadGateway, exception.Message);
        }
    }
}

internal delegate Task<ProxyAnswer> SendBulk(string body);

internal sealed record ProxyAnswer(int Status, string Body);
