using System.Net;
using System.Text;
using System.Text.Json;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Tests.Import;

public sealed class ImportTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Theory]
    [InlineData("placed", "placed")]
    [InlineData("paid", "placed,paid")]
    [InlineData("shipped", "placed,paid,shipped")]
    [InlineData("delivered", "placed,paid,shipped,delivered")]
    [InlineData("cancelled", "placed,cancelled")]
    [InlineData("refunded", "placed,paid,refunded")]
    public async Task An_order_is_imported_with_the_events_that_lead_to_its_status(string status, string events)
    {
        var api = await fixture.GetAsync();
        var outcome = Assert.Single(await ImportAsync(api, Line($"life-{status}", status)));
        Assert.Equal("created", outcome.GetProperty("outcome").GetString());
        var id = outcome.GetProperty("id").GetGuid();
        var order = await api.GetJsonAsync($"/orders/{id}");

        Assert.Equal(status, order.GetProperty("status").GetString());
        var timeline = order.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("type"));
        Assert.Equal(events, string.Join(',', timeline));
        Assert.Equal(
            order.GetProperty("version").GetInt64(),
            await api.QueryAsync<long>("select count(*) from outbox where order_id = $1", id));
        Assert.True(order.GetProperty("updatedAt").GetDateTimeOffset() <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Importing_a_key_again_creates_no_second_order()
    {
        var api = await fixture.GetAsync();
        var lines = Enumerable.Range(0, 250).Select(i => Line($"twice-{i}")).ToArray();
        var both = await Task.WhenAll(ImportAsync(api, lines), ImportAsync(api, [.. lines.Reverse()]));
        var outcomes = both.SelectMany(outcomes => outcomes).ToArray();
        Assert.Equal(250, outcomes.Count(outcome => outcome.GetProperty("outcome").GetString() == "created"));
        Assert.Equal(250, outcomes.Count(outcome => outcome.GetProperty("outcome").GetString() == "exists"));
        Assert.Equal(250, outcomes.Select(outcome => outcome.GetProperty("id").GetGuid()).Distinct().Count());
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from customers"));
    }

    [Fact]
    public async Task An_invalid_line_is_rejected_with_a_reason_and_the_others_are_imported()
    {
        var api = await fixture.GetAsync();
        var outcomes = await ImportAsync(
            api,
            Line("good-1"),
            "{ not json",
            "null",
            Line("bad-status", "lost"),
            Line("in the future", placedAt: "2999-01-01T00:00:00Z"),
            Line("too dear", price: 999_999_999_999_999),
            Line("nul").Replace("London", "Lon\\u0000don", StringComparison.Ordinal),
            $"{{\"key\":\"{new string('k', RequestLimits.Body)}\"}}",
            "",
            Line("good-2"));

        Assert.Equal(
            ["created", .. Enumerable.Repeat("rejected", 7), "created"],
            outcomes.Select(outcome => outcome.GetProperty("outcome").GetString()));
        Assert.Contains("$.status: Must be placed, paid, shipped", ErrorOf(outcomes[3]), StringComparison.Ordinal);
        Assert.Contains("order.total-too-large", ErrorOf(outcomes[5]), StringComparison.Ordinal);
        Assert.Equal("too dear", outcomes[5].GetProperty("key").GetString());
    }

    [Fact]
    public async Task Orders_under_one_email_address_keep_the_customer_names_that_were_written()
    {
        var api = await fixture.GetAsync();
        var jane = Line("jane").Replace("Ada Lovelace", "Jane Doe", StringComparison.Ordinal);
        var john = Line("john").Replace("Ada Lovelace", "John Doe", StringComparison.Ordinal);
        string?[] names = [.. await Task.WhenAll((await ImportAsync(api, jane, john)).Select(async outcome =>
            (await api.GetJsonAsync($"/orders/{outcome.GetProperty("id").GetGuid()}"))
                .GetProperty("customer").GetProperty("name").GetString()))];
        Assert.Equal("Jane Doe, John Doe", string.Join(", ", names));
    }

    [Fact]
    public async Task A_free_order_is_imported_in_every_status_but_refunded()
    {
        var api = await fixture.GetAsync();
        string[] statuses = ["placed", "paid", "shipped", "delivered", "cancelled", "refunded"];
        var outcomes = await ImportAsync(api, [.. statuses.Select(status => Line($"free-{status}", status, price: 0))]);
        Assert.All(outcomes.SkipLast(1), outcome => Assert.Equal("created", outcome.GetProperty("outcome").GetString()));
        Assert.Equal("rejected", outcomes[^1].GetProperty("outcome").GetString());
        Assert.StartsWith("order.free-of-charge: ", ErrorOf(outcomes[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_feeds_contain_every_order_in_id_order()
    {
        var api = await fixture.GetAsync();
        await ImportAsync(api, [.. Enumerable.Range(0, 120).Select(i => Line($"stream-{i}", "paid"))]);
        var versions = await ReadStreamAsync(api, "/internal/orders/versions");
        var states = await ReadStreamAsync(api, "/internal/orders/states");
        Assert.Equal(await api.QueryAsync<long>("select count(*) from orders"), versions.Length);
        Assert.Equal(versions, states);
        Assert.Equal(versions.OrderBy(order => order.Id, StringComparer.Ordinal), versions);

        var some = string.Join(',', versions.Take(2).Select(order => order.Id));
        Assert.Equal(versions.Take(2), await ReadStreamAsync(api, $"/internal/orders/states?ids={some}"));
        var bad = await api.Client.GetAsync("/internal/orders/states?ids=none");
        Assert.Equal("request.invalid", await bad.ReadCodeAsync(HttpStatusCode.BadRequest));
    }

    /// <summary>
    /// More bytes than the buffers between client and server hold, and so are their outcomes: some 60 and 20 MB.
    /// </summary>
    internal static string LongLines { get; } = string.Concat(Enumerable.Repeat(
        $"{{\"key\":\"{new string('k', 200)}\",\"note\":\"{new string('n', 1_300)}\"}}\n", LongLinesCount));

    internal const int LongLinesCount = 40_000;

    private static string ErrorOf(JsonElement outcome) => outcome.GetProperty("error").GetString()!;

    private static async Task<(string Id, long Version)[]> ReadStreamAsync(WriteApi api, string path)
    {
        var lines = (await api.Client.GetStringAsync(path)).TrimEnd().Split('\n');
        return [.. lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line)).Select(order =>
            (order.GetProperty("id").GetString()!, order.GetProperty("version").GetInt64()))];
    }

    internal static string Line(
        string key, string status = "placed", string placedAt = "2026-02-03T10:11:12.1234567+02:00", long price = 500)
    {
        var unitPrice = new { amount = price, currency = "EUR" };
        return JsonSerializer.Serialize(new
        {
            key,
            customer = new { name = "Ada Lovelace", email = "import@example.com", country = "GB" },
            lines = new[] { new { sku = "OLD-1", name = "Old lamp", category = "Old", quantity = 2, unitPrice } },
            shippingAddress = Given.Address,
            note = "imported",
            placedAt,
            status,
        });
    }

    internal static async Task<JsonElement[]> ImportAsync(WriteApi api, params string[] lines)
    {
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        var response = await api.PostAsync("/orders/import", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        return [.. text.TrimEnd().Split('\n').Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }
}
