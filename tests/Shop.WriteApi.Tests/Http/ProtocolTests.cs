using System.Net;
using System.Text.Json;
using Shop.Testing.Requests;

namespace Shop.WriteApi.Tests.Http;

/// <summary>Methods, headers and content negotiation (RFC 9110). docs/api.md lists the rules.</summary>
public sealed class ProtocolTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task HEAD_is_GET_without_a_body()
    {
        var api = await fixture.GetAsync();
        var order = await api.OrderAsync();
        string[] paths =
        [
            $"/orders/{order}", $"/orders/{Guid.CreateVersion7()}", $"/customers/{await api.CustomerAsync()}", "/products",
            "/openapi/v1.json", "/scalar", "/health/live", "/health/ready", "/internal/orders/versions", "/nothing",
        ];
        foreach (var path in paths)
        {
            using var got = await api.Client.GetAsync(path);
            using var head = await api.SendAsync(HttpMethod.Head, path);

            Assert.True(got.StatusCode == head.StatusCode, path);
            Assert.Equal(got.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(got.Headers.ETag, head.Headers.ETag);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }

    [Fact]
    public async Task Every_route_names_its_methods()
    {
        var api = await fixture.GetAsync();
        var paths = (await api.GetJsonAsync("/openapi/v1.json")).GetProperty("paths");
        foreach (var path in paths.EnumerateObject())
        {
            var url = path.Name.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal)
                .Replace("{sku}", "A", StringComparison.Ordinal);
            var methods = path.Value.EnumerateObject().Select(method => method.Name.ToUpperInvariant()).ToList();
            if (methods.Contains("GET"))
                methods.Add("HEAD");
            methods.Add("OPTIONS");

            var refused = await api.SendAsync(HttpMethod.Patch, url);
            var options = await api.SendAsync(HttpMethod.Options, url);

            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
            Assert.Equal(HttpStatusCode.NoContent, options.StatusCode);
            Assert.Equal(methods.Order(), refused.Content.Headers.Allow.Order());
            Assert.Equal(methods.Order(), options.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/lag")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/scalar")]
    public async Task What_is_no_operation_names_its_methods(string path)
    {
        var api = await fixture.GetAsync();

        foreach (var name in (string[])["OPTIONS", "DELETE", "POST", "PUT", "PATCH"])
        {
            using var response = await api.SendAsync(new HttpMethod(name), path);

            Assert.Equal(name is "OPTIONS" ? 204 : 405, (int)response.StatusCode);
            Assert.Equal(["GET", "HEAD", "OPTIONS"], response.Content.Headers.Allow.Order());
        }
    }

    [Theory]
    [InlineData("head")]
    [InlineData("get")]
    [InlineData("Get")]
    [InlineData("put")]
    public async Task A_method_in_lower_case_is_another_one(string method)
    {
        var api = await fixture.GetAsync();
        var id = await api.CustomerAsync();

        var response = await RawRequest.SendAsync(api.Client.BaseAddress!, $"{method} /customers/{id} HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request.method-not-allowed\"", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Note: caf\u00E9")]
    [InlineData("X-Note: caf\u00C3\u00A9")] // In UTF-8.
    [InlineData("User-Agent: caf\u00E9")]
    [InlineData("Accept-Language: caf\u00E9")]
    [InlineData("traceparent: caf\u00E9")]
    [InlineData("baggage: note=caf\u00E9")]
    public async Task A_header_may_have_any_bytes(string header)
    {
        var api = await fixture.GetAsync();

        var response = await RawRequest.SendAsync(api.Client.BaseAddress!, "GET /products?limit=1 HTTP/1.1", header);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idempotency_key_with_other_bytes_is_refused()
    {
        var api = await fixture.GetAsync();

        var response = await RawRequest.SendAsync(
            api.Client.BaseAddress!,
            $"POST /orders/{Guid.CreateVersion7()}/cancel HTTP/1.1",
            "Content-Length: 0",
            "Idempotency-Key: caf\u00E9");

        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request.invalid\"", response, StringComparison.Ordinal);
        Assert.Contains("\"errors\":{\"Idempotency-Key\":", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_document_does_not_exist()
    {
        var api = await fixture.GetAsync();

        using var response = await api.SendAsync(HttpMethod.Get, "/openapi/v2.json");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("application/json", "", 201)]
    [InlineData("application/json; charset=utf-8", "", 201)]
    [InlineData("application/json; charset=\"UTF-8\"", "", 201)]
    [InlineData("Application/JSON; v=1", "", 201)]
    [InlineData("application/json;", "", 201)]
    [InlineData("application/json; ; charset=utf-8", "", 201)]
    [InlineData("application/json;v=\"a; ;\\\"\" ; ;charset=utf-8;", "", 201)]
    [InlineData("application/json; charset=\"ut\\f-8\"", "", 201)]
    [InlineData("application/json; charset=\"utf-1\\6\"", "", 415)]
    [InlineData("application/json; ; charset=latin1", "", 415)]
    [InlineData("application/json, text/plain;", "", 415)]
    [InlineData("application/json", "identity", 201)]
    [InlineData("application/json", "IDENTITY", 201)]
    [InlineData("application/json; Charset=Utf-8", "Identity", 201)]
    [InlineData("application/json", "GZIP", 415)]
    [InlineData("application/json; charset=UTF-16", "", 415)]
    [InlineData("application/json; charset=utf-16", "", 415)]
    [InlineData("application/json; charset=iso-8859-1", "", 415)]
    [InlineData("application/json", "gzip", 415)]
    [InlineData("text/json", "", 415)]
    [InlineData("application/vnd.shop+json", "", 201)]
    [InlineData("application/x-www-form-urlencoded", "", 415)]
    [InlineData("application/json, text/plain", "", 415)]
    [InlineData("", "", 201)]
    public async Task A_body_is_JSON_in_UTF_8(string type, string encoding, int status)
    {
        var api = await fixture.GetAsync();
        using var body = new ByteArrayContent("""{"name":"Ada","email":"a@example.com","country":"GB"}"""u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding.Length > 0)
            body.Headers.ContentEncoding.Add(encoding);

        Assert.Equal(status, (int)(await api.PostAsync("/customers", body)).StatusCode);
    }

    [Theory]
    [InlineData("application/x-ndjson", "gzip")]
    [InlineData("application/x-ndjson; charset=utf-16", "")]
    public async Task An_import_is_in_UTF_8(string type, string encoding)
    {
        var api = await fixture.GetAsync();
        using var body = new ByteArrayContent("{}"u8.ToArray());
        body.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding.Length > 0)
            body.Headers.ContentEncoding.Add(encoding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await api.PostAsync("/orders/import", body)).StatusCode);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/xml;q=1, */*;q=0")]
    [InlineData("nonsense")]
    public async Task There_is_one_representation_whatever_Accept_says(string accept)
    {
        var api = await fixture.GetAsync();

        var found = await api.SendAsync(HttpMethod.Get, "/products", null, ("Accept", accept));
        var missing = await api.SendAsync(HttpMethod.Get, "/nothing", null, ("Accept", accept));

        Assert.Equal("application/json", found.Content.Headers.ContentType?.MediaType);
        Assert.Equal("application/problem+json", missing.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Numbers_of_the_document_are_plain()
    {
        var api = await fixture.GetAsync();

        var document = await api.Client.GetStringAsync("/openapi/v1.json");

        Assert.Empty(UnionsIn(JsonSerializer.Deserialize<JsonElement>(document)));
    }

    private static IEnumerable<string> UnionsIn(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            member is { Name: "type", Value.ValueKind: JsonValueKind.Array }
            && member.Value.EnumerateArray().Count(type => type.GetString() != "null") > 1
                ? [member.Value.ToString()]
                : UnionsIn(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(UnionsIn),
        _ => [],
    };
}
