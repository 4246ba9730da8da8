using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class StatisticsTests(ShopFixture fixture)
{
    [Fact]
    public async Task Statistics_and_customers_agree_with_the_write_database_after_random_commands() =>
        await StatisticsAgreement.CheckAsync(fixture.Shop, seed: 5);
}

/// <summary>Compares what the read API adds up with SQL on the write database.</summary>
internal sealed class StatisticsAgreement : IAsyncDisposable
{
    private const string TimeZone = "Asia/Kathmandu";
    private static readonly string[] Skus = ["S-EUR-1", "S-EUR-2", "S-USD-1", "S-USD-2"];

    private readonly HttpClient _write;
    private readonly HttpClient _read;
    private readonly NpgsqlDataSource _database;
    private readonly Random _random;
    private readonly Dictionary<Guid, long> _versions = [];
    private Guid[] _customers = [];

    private StatisticsAgreement(int portBase, string connectionString, int seed)
    {
        _write = new() { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 1}") };
        _read = new() { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 2}") };
        _database = NpgsqlDataSource.Create(connectionString);
        _random = new Random(seed);
    }

    internal static async Task CheckAsync(ShopApplication shop, int seed)
    {
        await using var check = new StatisticsAgreement(
            shop.PortBase, (await shop.ConnectionStringAsync("orders"))!, seed);
        check._customers = [await shop.Client.RegisterAsync(), await shop.Client.RegisterAsync()];
        foreach (var sku in Skus)
            await check.PutProductAsync(sku);
        for (var i = 0; i < 80; i++)
            await check.CommandAsync();
        foreach (var (id, version) in check._versions)
        {
            await Eventually.HoldsAsync(
                async () => (await check._read.GetAsync($"/orders/{id}?waitFor={id}:{version}")).IsSuccessStatusCode,
                $"order {id} is visible");
        }

        await check.CompareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _write.Dispose();
        _read.Dispose();
        await _database.DisposeAsync();
    }

    private async Task PutProductAsync(string sku)
    {
        var price = new { amount = 1_000 + sku[^1], currency = sku[2..5] };
        (await _write.PutAsJsonAsync($"/products/{sku}", new { name = sku, category = $"Category {sku[^1]}", price }))
            .EnsureSuccessStatusCode();
    }

    /// <summary>Sends a command that may be refused.</summary>
    private async Task CommandAsync()
    {
        var order = _versions.Count > 0 ? _versions.Keys.ElementAt(_random.Next(_versions.Count)) : Guid.Empty;
        var kind = order == Guid.Empty ? 0 : _random.Next(9);
        var (path, body) = kind switch
        {
            0 or 1 or 2 => ("/orders", Order()),
            3 or 4 => ($"/orders/{order}/pay", new { method = "card", reference = "4711" }),
            5 => ($"/orders/{order}/refund", new { reason = "broken" }),
            6 => ($"/orders/{order}/refund", new { amount = new { amount = _random.Next(1, 500), currency = "EUR" } }),
            7 => ($"/orders/{order}/cancel", new { reason = "no" }),
            _ => ($"/orders/{order}/ship", (object)new { carrier = "DHL", trackingNumber = "1" }),
        };
        using var response = await _write.PostAsJsonAsync(path, body);
        if (!response.IsSuccessStatusCode)
            return;
        var receipt = await response.Content.ReadFromJsonAsync<JsonElement>();
        _versions[receipt.GetProperty("id").GetGuid()] = receipt.GetProperty("version").GetInt64();
    }

    private object Order()
    {
        var currency = _random.Next(2) == 0 ? "EUR" : "USD";
        return new
        {
            customerId = _customers[_random.Next(_customers.Length)],
            lines = Skus.Where(sku => sku.Contains(currency, StringComparison.Ordinal)).Take(_random.Next(1, 3))
                .Select(sku => new { sku, quantity = _random.Next(1, 4) }).ToArray(),
            shippingAddress = new
            {
                recipient = "R",
                street = "S 1",
                postalCode = "10115",
                city = "C",
                country = _random.Next(2) == 0 ? "DE" : "FR",
            },
        };
    }

    private async Task CompareAsync()
    {
        var statistics = await _read.GetFromJsonAsync<JsonElement>(
            $"/orders/statistics?customerId={string.Join(',', _customers)}&timeZone={TimeZone}");
        Assert.Equal(_versions.Count, statistics.GetProperty("count").GetInt32());
        await EqualAsync(statistics.GetProperty("byStatus"), "value", "status");
        await EqualAsync(statistics.GetProperty("byCountry"), "value", "country");
        await EqualAsync(statistics.GetProperty("byCurrency"), "value", "currency");
        await EqualAsync(statistics.GetProperty("byCategory"), "value", "category");
        await EqualAsync(
            statistics.GetProperty("byDay"), "day", $"to_char(placed_at at time zone '{TimeZone}', 'YYYY-MM-DD')");
        foreach (var id in _customers)
        {
            var customer = await _read.GetFromJsonAsync<JsonElement>($"/customers/{id}");
            var spent = await QueryAsync(
                "currency", "sum(paid - coalesce(refunded, 0))", "orders", "and paid is not null", id);
            Assert.Equal(spent, Sums(customer.GetProperty("spent")));
            var count = await QueryAsync("'orders'", "count(*)", "orders", "", id);
            Assert.Equal(count["orders"], customer.GetProperty("orders").GetInt64());
        }
    }

    private async Task EqualAsync(JsonElement groups, string name, string expression)
    {
        const string Rows = """
            (select distinct id, status, country, currency, total, placed_at, category
            from orders join (select order_id, category from order_lines) as lines on order_id = id
            where customer_id = any($1)) as rows
            """;
        var isByCategory = expression == "category";
        var source = isByCategory ? Rows : "orders";
        Dictionary<string, decimal> found = [];
        foreach (var group in groups.EnumerateArray())
        {
            found[$"{group.GetProperty(name)} count"] = group.GetProperty("count").GetInt64();
            foreach (var (currency, amount) in Sums(group.GetProperty("revenue")))
                found[$"{group.GetProperty(name)} {currency}"] = amount;
        }

        var expected = await QueryAsync($"{expression} || ' count'", "count(*)", source, "", _customers);
        foreach (var (key, sum) in await QueryAsync($"{expression} || ' ' || currency", "sum(total)", source, "", _customers))
            expected[key] = sum;
        Assert.Equal(expected.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
    }

    private async Task<Dictionary<string, decimal>> QueryAsync(
        string key, string sum, string source, string condition, params Guid[] customers)
    {
        var where = source == "orders" ? $"where customer_id = any($1) {condition}" : "";
        await using var command = _database.CreateCommand(
            $"select {key}, ({sum})::numeric from {source} {where} group by 1");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = customers });
        await using var reader = await command.ExecuteReaderAsync();
        Dictionary<string, decimal> rows = [];
        while (await reader.ReadAsync())
            rows.Add(reader.GetString(0), reader.GetDecimal(1));
        return rows;
    }

    private static Dictionary<string, decimal> Sums(JsonElement sums) => sums.EnumerateArray().ToDictionary(
        sum => sum.GetProperty("currency").GetString()!, sum => sum.GetProperty("amount").GetDecimal());
}
