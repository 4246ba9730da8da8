using Shop.Testing.Requests;

namespace Shop.ReadApi.Tests;

/// <summary>Requests over a real connection (RFC 9110). docs/api.md lists the rules.</summary>
public abstract class ProtocolTests(ReadApiFixture fixture)
{
    [SkippableTheory]
    [InlineData("X-Note: caf\u00E9")]
    [InlineData("X-Note: caf\u00C3\u00A9")] // In UTF-8.
    [InlineData("Accept: caf\u00E9")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "tracestate: note=caf\u00E9")]
    [InlineData("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "baggage: note=caf\u00E9")]
    public async Task A_header_may_have_any_bytes(params string[] headers)
    {
        var app = await fixture.GetAsync();

        var response = await RawRequest.SendAsync(app.Client.BaseAddress!, ["GET /orders/search HTTP/1.1", .. headers]);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_method_in_lower_case_is_another_one()
    {
        var app = await fixture.GetAsync();

        var response = await RawRequest.SendAsync(app.Client.BaseAddress!, "head /orders/search HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request.method-not-allowed\"", response, StringComparison.Ordinal);
    }
}

public sealed class OnPostgreSqlOverHttp() : ReadApiFixture(() => ReadApiApp.StartAsync(ReadApiApp.RealServer));

// A trace's headers continue in the requests to the store.
public sealed class OnElasticsearchOverHttp()
    : ReadApiFixture(() => ReadApiApp.StartOnElasticsearchAsync(ReadApiApp.RealServer));

public sealed class PostgreSqlProtocolTests(OnPostgreSqlOverHttp app)
    : ProtocolTests(app), IClassFixture<OnPostgreSqlOverHttp>;

public sealed class ElasticsearchProtocolTests(OnElasticsearchOverHttp app)
    : ProtocolTests(app), IClassFixture<OnElasticsearchOverHttp>;
