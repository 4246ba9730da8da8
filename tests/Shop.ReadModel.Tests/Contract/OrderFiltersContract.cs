using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Filters and facets, the same on every store.</summary>
public abstract class OrderFiltersContract(IOrderStores stores)
{
    private static readonly Guid Anna = new("00000000-0000-7000-8000-00000000000a");
    private static readonly Guid Bert = new("00000000-0000-7000-8000-00000000000b");

    private static readonly DateTimeOffset Last = Day("2025-03-02").AddMicroseconds(-1);

    private static readonly OrderDocument[] Sample =
    [
        Order(OrderStatuses.Placed, Anna, "DE", 1_000, "EUR", "2025-03-01T00:00:00Z", ("LAMP", "Lighting")),
        Order(OrderStatuses.Paid, Anna, "FR", 2_000, "EUR", "2025-03-01T23:59:59.999999Z", ("DESK", "Furniture")),
        Order(
            OrderStatuses.Paid, Bert, "DE", 3_000, "USD", "2025-03-02T00:00:00Z",
            ("LAMP", "Lighting"), ("BULB", "Lighting")),
        Order(
            OrderStatuses.Cancelled, Bert, "de", 4_000, "USD", "2025-03-03T12:00:00Z",
            ("lamp", "Lighting"), ("DESK", "Furniture")),
    ];

    public static TheoryData<string, OrderFilters, int[]> Filters => new()
    {
        { "none", OrderFilters.None, [0, 1, 2, 3] },
        { "one status", OrderFilters.None with { Statuses = ["paid"] }, [1, 2] },
        { "two statuses", OrderFilters.None with { Statuses = ["paid", "placed"] }, [0, 1, 2] },
        { "customer", OrderFilters.None with { CustomerIds = [Bert] }, [2, 3] },
        { "either customer", OrderFilters.None with { CustomerIds = [Bert, Anna] }, [0, 1, 2, 3] },
        { "SKU, exactly", OrderFilters.None with { Skus = ["LAMP"] }, [0, 2] },
        { "two SKUs", OrderFilters.None with { Skus = ["BULB", "DESK"] }, [1, 2, 3] },
        { "category", OrderFilters.None with { Categories = ["Furniture"] }, [1, 3] },
        { "category, exactly", OrderFilters.None with { Categories = ["furniture", "Furn"] }, [] },
        { "country, exactly", OrderFilters.None with { Countries = ["DE"] }, [0, 2] },
        { "currency", OrderFilters.None with { Currencies = ["USD"] }, [2, 3] },
        { "from", OrderFilters.None with { PlacedFrom = Day("2025-03-02") }, [2, 3] },
        { "before", OrderFilters.None with { PlacedBefore = Day("2025-03-02") }, [0, 1] },
        {
            "one day",
            OrderFilters.None with { PlacedFrom = Day("2025-03-01"), PlacedBefore = Day("2025-03-02") },
            [0, 1]
        },
        { "from a microsecond", OrderFilters.None with { PlacedFrom = Last.AddMicroseconds(-1) }, [1, 2, 3] },
        { "before a microsecond", OrderFilters.None with { PlacedBefore = Last }, [0] },
        {
            "between microseconds",
            OrderFilters.None with { PlacedFrom = Last.AddMicroseconds(-9), PlacedBefore = Last.AddMicroseconds(-1) },
            []
        },
        { "least total", OrderFilters.None with { TotalFrom = 2_000 }, [1, 2, 3] },
        { "total between", OrderFilters.None with { TotalFrom = 2_000, TotalTo = 3_000 }, [1, 2] },
        { "filters are and", OrderFilters.None with { Statuses = ["paid"], Countries = ["DE"], Skus = ["BULB"] }, [2] },
        { "nothing", OrderFilters.None with { Statuses = ["paid"], CustomerIds = [Guid.Empty] }, [] },
        { "hostile", OrderFilters.None with { Categories = ["'; --", "\\", "\"}", "ü", ""], Skus = ["*"] }, [] },
    };

    [SkippableTheory]
    [MemberData(nameof(Filters))]
    public async Task Filters_narrow_down(string name, OrderFilters filters, int[] expected)
    {
        _ = name;
        var store = await CreateAsync();

        var page = await store.SearchAsync(Orders.All with { Filters = filters, Sort = OrderSort.Oldest });

        Assert.Equal(expected.Select(i => Sample[i].Id), page.Orders.Select(order => order.Document.Id));
        Assert.Equal(new(expected.Length, false), page.Total);
    }

    [SkippableFact]
    public async Task Filters_and_words_are_and()
    {
        var store = await CreateAsync();

        var page = await store.SearchAsync(Orders.All with
        {
            Text = SearchTextParser.Parse("product", out _),
            Filters = OrderFilters.None with { Countries = ["FR"] },
        });

        Assert.Equal([Sample[1].Id], page.Orders.Select(order => order.Document.Id));
    }

    [SkippableFact]
    public async Task Facets_count_orders_each_value_once()
    {
        var store = await CreateAsync();

        var page = await store.SearchAsync(Orders.All with { Facets = Enum.GetValues<OrderFacet>() });

        AssertFacet(page, OrderFacet.Status, ("paid", 2), ("cancelled", 1), ("placed", 1));
        AssertFacet(page, OrderFacet.Category, ("Lighting", 3), ("Furniture", 2));
        AssertFacet(page, OrderFacet.Country, ("DE", 2), ("FR", 1), ("de", 1));
        AssertFacet(page, OrderFacet.Currency, ("EUR", 2), ("USD", 2));
        AssertFacet(page, OrderFacet.Customer, (Anna.ToString(), 2), (Bert.ToString(), 2));
        AssertFacet(page, OrderFacet.Sku, ("DESK", 2), ("LAMP", 2), ("BULB", 1), ("lamp", 1));
        AssertFacet(page, OrderFacet.Day, ("2025-03-01", 2), ("2025-03-02", 1), ("2025-03-03", 1));
        AssertFacet(page, OrderFacet.Total, ("1000-1999", 1), ("2000-4999", 3));
    }

    [SkippableFact]
    public async Task Every_day_is_counted_among_the_orders_that_are_found()
    {
        var store = await stores.CreateAsync();
        var first = DateTimeOffset.Parse("1000-01-01T00:00:00Z", null);
        await store.ApplyAsync(
            [
                Orders.New(order => order with { PlacedAt = DateTimeOffset.Parse("9999-12-31T23:59:59Z", null) }),
                .. Enumerable.Range(0, 101).Select(day => Orders.New(order => order with
                {
                    PlacedAt = first.AddDays(day),
                })),
            ]);

        var all = (await store.SearchAsync(Orders.All with { Facets = [OrderFacet.Day] })).Facets[OrderFacet.Day];
        var some = await store.SearchAsync(Orders.All with
        {
            Filters = OrderFilters.None with { PlacedBefore = first.AddDays(2) },
            Facets = [OrderFacet.Day],
        });

        Assert.Equal((102, "1000-01-01", "9999-12-31"), (all.Count, all[0].Value, all[^1].Value));
        AssertFacet(some, OrderFacet.Day, ("1000-01-01", 1), ("1000-01-02", 1));
    }

    [SkippableFact]
    public async Task Each_range_of_totals_is_counted_and_ignores_the_filter_of_totals()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. TotalRange.All.SelectMany(range => (long[])[range.From, range.To ?? long.MaxValue])
            .Select(amount => Orders.New(order => order with { Total = new(amount, "EUR") }))]);

        var page = await store.SearchAsync(Orders.All with
        {
            Filters = OrderFilters.None with { TotalFrom = 1_000, TotalTo = 1_999 },
            Facets = [OrderFacet.Total, OrderFacet.Currency],
        });

        AssertFacet(page, OrderFacet.Total, [.. TotalRange.All.Select(range => (range.Name, 2))]);
        AssertFacet(page, OrderFacet.Currency, ("EUR", 2));
        Assert.Equal(2, page.Total.Value);
    }

    [SkippableFact]
    public async Task A_facet_ignores_its_own_filter_and_heeds_the_others()
    {
        var store = await CreateAsync();

        var page = await store.SearchAsync(Orders.All with
        {
            Text = SearchTextParser.Parse("prod", out _),
            Filters = OrderFilters.None with { Statuses = ["paid"], Categories = ["Lighting"] },
            Facets = [OrderFacet.Status, OrderFacet.Category, OrderFacet.Currency],
        });

        Assert.Equal([Sample[2].Id], page.Orders.Select(order => order.Document.Id));
        AssertFacet(page, OrderFacet.Status, ("cancelled", 1), ("paid", 1), ("placed", 1));
        AssertFacet(page, OrderFacet.Category, ("Furniture", 1), ("Lighting", 1));
        AssertFacet(page, OrderFacet.Currency, ("USD", 1));
    }

    [SkippableFact]
    public async Task Facets_of_nothing_are_empty_and_none_come_unasked()
    {
        var store = await stores.CreateAsync();

        Assert.Empty((await store.SearchAsync(Orders.All with { Facets = [OrderFacet.Sku] })).Facets[OrderFacet.Sku]);
        Assert.Empty((await store.SearchAsync(Orders.All)).Facets);
    }

    private async Task<OrderStore> CreateAsync()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Sample);
        return store;
    }

    private static void AssertFacet(
        OrderSearchPage page, OrderFacet facet, params (string Value, int Count)[] expected) =>
        Assert.Equal(expected.Select(value => new FacetValue(value.Value, value.Count)), page.Facets[facet]);

    private static DateTimeOffset Day(string day) => new(DateOnly.Parse(day, null), TimeOnly.MinValue, TimeSpan.Zero);

    private static OrderDocument Order(
        string status, Guid customer, string country, long total, string currency, string placedAt,
        params (string Sku, string Category)[] lines) => Orders.New(order => order with
        {
            Status = status,
            Customer = order.Customer with { Id = customer },
            ShippingAddress = order.ShippingAddress with { Country = country },
            Total = new(total, currency),
            PlacedAt = DateTimeOffset.Parse(placedAt, null),
            Lines = [.. lines.Select(line => Orders.Line("Product", line.Sku, line.Category))],
        });
}
