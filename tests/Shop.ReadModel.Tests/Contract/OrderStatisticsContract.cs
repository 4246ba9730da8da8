using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Counts and sums, the same on every store as those of the documents themselves.</summary>
public abstract class OrderStatisticsContract(IOrderStores stores)
{
    private static readonly string[] Currencies = ["EUR", "JPY", "USD"];
    private static readonly string[] Countries = ["DE", "FR", "NP"];
    private static readonly string[] Categories = ["Lighting", "Furniture", "Café", "café", "=x"];

    [SkippableTheory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/New_York")]
    [InlineData("Pacific/Kiritimati")]
    public async Task Any_orders_have_the_numbers_that_their_documents_have(string timeZone)
    {
        var store = await stores.CreateAsync();
        var random = new Random(timeZone.Length);
        OrderDocument[] orders = [.. Enumerable.Range(0, 300).Select(_ => Any(random))];
        await store.ApplyAsync(orders);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);

        Equal(orders, await ReadAsync(store, Orders.All, timeZone), zone);
        Equal(
            [.. orders.Where(order => order.Status is "paid" && order.Total.Amount >= 500)],
            await ReadAsync(
                store,
                Orders.All with { Filters = OrderFilters.None with { Statuses = ["paid"], TotalFrom = 500 } },
                timeZone),
            zone);
        Equal(
            [.. orders.Where(order => order.Note is "gift")],
            await ReadAsync(store, Orders.All with { Text = SearchTextParser.Parse("gift", out _) }, timeZone),
            zone);
        var customer = orders[0].Customer.Id;
        Equal(
            [.. orders.Where(order => order.Customer.Id == customer)],
            await ReadAsync(store, Orders.All with { Scope = CallerScope.Of(customer) }, timeZone),
            zone);
    }

    [SkippableFact]
    public async Task Sums_are_exact_beyond_what_a_double_holds()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(
            [.. Enumerable.Range(0, 20).Select(i => Order(999_999_999_999_999 - i, "EUR", Day("2025-03-01")))]);

        var found = await ReadAsync(store, Orders.All);

        var sum = (20m * 999_999_999_999_999) - 190;
        Assert.Equal([new Revenue("EUR", sum)], found.Revenue);
        Assert.All(
            (IReadOnlyList<StatisticsGroup>[])[found.ByDay, found.ByStatus, found.ByCategory, found.ByCountry],
            groups => Assert.Equal(sum, groups.Single().Revenue.Single().Amount));
    }

    [SkippableFact]
    public async Task A_day_begins_and_ends_in_the_time_zone()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(
            Order(1, "EUR", Day("2025-03-29T22:59:59.999999Z")),
            Order(2, "EUR", Day("2025-03-29T23:00:00Z")),
            Order(4, "EUR", Day("2025-03-30T21:59:59.999999Z")),
            Order(8, "EUR", Day("2025-03-30T22:00:00Z")));

        var found = await ReadAsync(store, Orders.All, "Europe/Berlin");

        Assert.Equal(
            [("2025-03-29", 1m), ("2025-03-30", 6m), ("2025-03-31", 8m)],
            found.ByDay.Select(day => (day.Value, day.Revenue.Single().Amount)));
    }

    [SkippableFact]
    public async Task Nothing_found_is_nothing_counted()
    {
        var found = await ReadAsync(await stores.CreateAsync(), Orders.All);

        Assert.Equal(0, found.Count);
        Assert.Empty(found.Revenue);
        Assert.Empty(found.ByDay);
    }

    [SkippableFact]
    public async Task A_time_zone_that_the_store_does_not_know_is_refused()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.New());

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => ReadAsync(store, Orders.All, "Europe/Atlantis"));
    }

    private static void Equal(OrderDocument[] orders, OrderStatistics found, TimeZoneInfo zone)
    {
        Assert.Equal(orders.Length, found.Count);
        Assert.Equal(Sums(orders), found.Revenue);
        Equal(Most(orders, order => [order.Status]), found.ByStatus);
        Equal(Most(orders, order => order.Lines.Select(line => line.Category).Distinct()), found.ByCategory);
        Equal(Most(orders, order => [order.ShippingAddress.Country]), found.ByCountry);
        Equal(Most(orders, order => [order.Total.Currency]), found.ByCurrency);
        Equal(
            [
                .. Most(orders, order => [$"{TimeZoneInfo.ConvertTime(order.PlacedAt, zone):yyyy-MM-dd}"])
                    .OrderBy(group => group.Value, StringComparer.Ordinal),
            ],
            found.ByDay);
    }

    private static void Equal(StatisticsGroup[] expected, IReadOnlyList<StatisticsGroup> found)
    {
        Assert.Equal(expected.Select(group => (group.Value, group.Count)), found.Select(group => (group.Value, group.Count)));
        Assert.Equal(expected.SelectMany(group => group.Revenue), found.SelectMany(group => group.Revenue));
    }

    private static StatisticsGroup[] Most(OrderDocument[] orders, Func<OrderDocument, IEnumerable<string>> values) =>
    [
        .. orders.SelectMany(order => values(order).Select(value => (value, order)))
            .GroupBy(pair => pair.value, pair => pair.order)
            .Select(group => new StatisticsGroup(group.Key, group.Count(), Sums(group)))
            .OrderByDescending(group => group.Count)
            .ThenBy(group => group.Value, StringComparer.Ordinal),
    ];

    private static Revenue[] Sums(IEnumerable<OrderDocument> orders) =>
    [
        .. orders.GroupBy(order => order.Total.Currency)
            .Select(group => new Revenue(group.Key, group.Sum(order => (decimal)order.Total.Amount)))
            .OrderBy(sum => sum.Currency, StringComparer.Ordinal),
    ];

    private static OrderDocument Any(Random random)
    {
        var placedAt = Day("2024-01-01").AddSeconds(random.Next(100 * 86_400));
        return Order(random.Next(1_000), Pick(Currencies), placedAt) with
        {
            Status = Pick([.. OrderStatuses.All]),
            Lines = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Orders.Line("Thing", category: Pick(Categories)))],
            ShippingAddress = new("Sam", "Road 1", "1", "City", Pick(Countries)),
            Note = random.Next(2) == 0 ? "gift" : null,
        };

        string Pick(string[] choices) => choices[random.Next(choices.Length)];
    }

    private static OrderDocument Order(long total, string currency, DateTimeOffset placedAt) =>
        Orders.New(order => order with { Total = new(total, currency), PlacedAt = placedAt });

    private static DateTimeOffset Day(string text) => DateTimeOffset.Parse(text, null);

    private static Task<OrderStatistics> ReadAsync(OrderStore store, OrderQuery query, string timeZone = "UTC") =>
        store.Statistics!.ReadAsync(query, timeZone, default);
}
