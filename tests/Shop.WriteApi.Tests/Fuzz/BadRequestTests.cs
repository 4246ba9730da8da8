using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit.Abstractions;

namespace Shop.WriteApi.Tests.Fuzz;

/// <summary>
/// Sends thousands of requests that are derived from the OpenAPI document. No response is a 5xx. Every error is a
/// documented problem+json that arrives quickly and leaves the database unchanged.
/// </summary>
public sealed class BadRequestTests(WriteApiFixture fixture, ITestOutputHelper output) : IClassFixture<WriteApiFixture>
{
    private const string ExampleCustomer = "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static readonly string[] Ids =
    [
        "none", "0198C1C2-7A5E-7C3D-9D4B-2F6A1B3C4D5E", "00000000-0000-0000-0000-000000000000", "%00", "a%2Fb", "..",
        "'", "%ff",
    ];

    private static readonly string[] QueryValues =
        ["", "-1", "0", "1001", "99999999999", "x", "%00", "%ff", "%ED%A0%80", "1&limit=2"];

    private static readonly (string Name, string Value)[] Headers =
    [
        ("If-Match", ""), ("If-Match", "1"), ("If-Match", "W/\"1\""), ("If-Match", "\"x"), ("If-Match", "\"99\""),
        ("If-Match", $"\"{new string('9', 5_000)}\""), ("If-Match", "*, *"), ("Idempotency-Key", ""),
        ("Idempotency-Key", "a b"), ("Idempotency-Key", new string('k', 10_240)), ("Idempotency-Key", "k\u007f"),
        ("Accept", "text/html"), ("Accept", "nonsense"), ("Content-Encoding", "gzip"), ("Expect", "100-continue"),
        ("X-Large", new string('x', 20_000)), ("traceparent", "00-zz-zz-01"),
    ];

    private string? _before;
    private int _sent;

    [Fact]
    public async Task Invalid_requests_get_a_documented_problem_and_change_nothing()
    {
        var api = await fixture.GetAsync();
        var placed = await api.OrderAsync();
        var customer = await api.CustomerAsync();
        var document = await api.GetJsonAsync("/openapi/v1.json");
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var target = new Target(new HttpMethod(operation.Name.ToUpperInvariant()), path.Name, operation.Value);
                await FuzzAsync(api, target, placed, customer);
            }
        }

        output.WriteLine($"{_sent} requests");
        Assert.True(_sent > 2_500, $"Only {_sent} requests were sent.");
    }

    private async Task FuzzAsync(WriteApi api, Target target, Guid placed, Guid customer)
    {
        // A customer without orders, so that no background work runs during the next request.
        var id = target.Path.StartsWith("/customers", StringComparison.Ordinal) ? await api.CustomerAsync() : placed;
        _before = null;
        var path = target.Path.Replace("{id}", $"{id}", StringComparison.Ordinal)
            .Replace("{sku}", Given.Sku, StringComparison.Ordinal);
        var valid = target.Example?.Replace(ExampleCustomer, $"{customer}", StringComparison.Ordinal);
        foreach (var bad in Ids)
        {
            var badPath = target.Path.Replace("{id}", bad, StringComparison.Ordinal)
                .Replace("{sku}", bad, StringComparison.Ordinal);
            await SendAsync(api, target, badPath, Json(valid), bad);
        }

        foreach (var name in target.QueryParameters)
        {
            foreach (var value in QueryValues)
                await SendAsync(api, target, $"{path}?{name}={value}", null, $"?{name}={value}");
        }

        foreach (var header in Headers)
            await SendAsync(api, target, path, Json(valid), $"{header.Name}: {header.Value}", header);
        if (valid is null)
            return;
        await SendAsync(api, target, path, new StringContent(valid, Encoding.UTF8, "text/xml"), "as text/xml");
        foreach (var mutation in Mutation.OfWhole(valid).Concat(Mutation.OfMembers(valid)))
            await SendAsync(api, target, path, Json(mutation.Body), mutation.What);
    }

    private static ByteArrayContent? Json(string? body) => body is null ? null : Json(Encoding.UTF8.GetBytes(body));

    private static ByteArrayContent Json(byte[] body) =>
        new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task SendAsync(
        WriteApi api, Target target, string path, HttpContent? content, string what, params (string, string)[] headers)
    {
        _before ??= await FingerprintAsync(api);
        var watch = Stopwatch.StartNew();
        using var response = await api.SendAsync(target.Method, path, content, headers);
        var status = (int)response.StatusCode;
        var text = await response.Content.ReadAsStringAsync();
        var said = $"{target.Method} {path} with {what}: {status} {text[..Math.Min(text.Length, 300)]}";

        _sent++;
        Assert.True(watch.Elapsed < Soon, $"{said} took {watch.Elapsed}");
        Assert.True(status < 500, said);
        if (status < 400)
        {
            _before = null;
            return;
        }

        Assert.True(_before == await FingerprintAsync(api), $"{said} changed the database");
        if (status is 414 or 431 || (status is 400 && text.Length == 0))
            return; // Kestrel itself refused a request that is not valid HTTP.
        Assert.True(response.Content.Headers.ContentType?.MediaType == "application/problem+json", said);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("code").GetString()), said);
        Assert.True(target.Statuses.Contains(status) || status is 404 or 405, $"{said} is not documented");
    }

    private static Task<string> FingerprintAsync(WriteApi api) => api.QueryAsync<string>(Fingerprint);

    private const string Fingerprint = """
        select concat_ws('|',
            (select concat(count(*), sum(hashtext(t::text))) from customers t),
            (select concat(count(*), sum(hashtext(t::text))) from products t),
            (select concat(count(*), sum(hashtext(t::text))) from orders t),
            (select concat(count(*), sum(hashtext(t::text))) from order_lines t),
            (select count(*) from order_events), (select count(*) from outbox), (select count(*) from payments),
            (select count(*) from shipments), (select count(*) from refunds))
        """;

    private sealed record Target(HttpMethod Method, string Path, JsonElement Operation)
    {
        public HashSet<int> Statuses { get; } =
            [.. Operation.GetProperty("responses").EnumerateObject().Select(answer => int.Parse(answer.Name, null))];

        public string? Example { get; } =
            Operation.TryGetProperty("requestBody", out var body)
            && body.GetProperty("content").TryGetProperty("application/json", out var json)
                ? (json.TryGetProperty("example", out var example) ? example.GetRawText() : "{}")
                : null;

        public IEnumerable<string> QueryParameters => Operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Where(parameter => parameter.GetProperty("in").GetString() == "query")
                .Select(parameter => parameter.GetProperty("name").GetString()!)
            : [];
    }
}
