using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Sorting and paging, the same on every store.</summary>
public abstract class OrderPagesContract(IOrderStores stores)
{
    private static readonly DateTimeOffset Start = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<OrderSort, string> Sorts => new()
    {
        { OrderSort.Newest, "" },
        { OrderSort.Oldest, "" },
        { OrderSort.Total, "" },
        { OrderSort.Relevance, "" },
        { OrderSort.Relevance, "thing" },
        { OrderSort.Relevance, "common thi" },
        { OrderSort.Newest, "thing" },
    };

    [SkippableFact]
    public async Task Each_sort_orders_by_its_field()
    {
        var store = await stores.CreateAsync();
        var (old, cheap, dear) = (Order(0, 200), Order(2, 100), Order(1, 300));
        await store.ApplyAsync(old, cheap, dear);

        Assert.Equal([cheap.Id, dear.Id, old.Id], await IdsAsync(store, Orders.All with { Sort = OrderSort.Newest }));
        Assert.Equal([old.Id, dear.Id, cheap.Id], await IdsAsync(store, Orders.All with { Sort = OrderSort.Oldest }));
        Assert.Equal([dear.Id, old.Id, cheap.Id], await IdsAsync(store, Orders.All with { Sort = OrderSort.Total }));
        Assert.Equal([cheap.Id, dear.Id, old.Id], await IdsAsync(store, Orders.All with { Sort = OrderSort.Relevance }));
    }

    [SkippableFact]
    public async Task Relevance_prefers_keys_to_names_and_names_to_notes()
    {
        var store = await stores.CreateAsync();
        var byNote = Order(3, 1) with { Note = "lamp" };
        var byName = Order(2, 1) with { Lines = [Orders.Line("Lamp")] };
        var byKey = Order(1, 1) with { Lines = [Orders.Line("Thing", sku: "LAMP")] };
        await store.ApplyAsync(byNote, byName, byKey);

        Assert.Equal([byKey.Id, byName.Id, byNote.Id], await IdsAsync(store, Orders.All with { Text = Parse("lamp") }));
    }

    [SkippableTheory]
    [MemberData(nameof(Sorts))]
    public async Task All_pages_together_contain_each_match_once_in_order(OrderSort sort, string text)
    {
        var store = await stores.CreateAsync();
        // Many ties: three dates and two totals.
        OrderDocument[] orders = [.. Enumerable.Range(0, 47).Select(i => Order(i % 3, 100 + (i % 2)))];
        await store.ApplyAsync(orders);
        var query = Orders.All with { Sort = sort, Text = Parse(text) };

        var whole = await IdsAsync(store, query with { Size = 100 });
        var paged = await PagesAsync(store, query with { Size = 10 });

        Assert.Equal(orders.Select(order => order.Id).Order(), whole.Order());
        Assert.Equal(whole, paged);
    }

    [SkippableTheory]
    [MemberData(nameof(Sorts))]
    public async Task Pages_stay_whole_while_orders_come_and_change(OrderSort sort, string text)
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 30).Select(i => Order(i, 100 + i))];
        await store.ApplyAsync(orders);
        var query = Orders.All with { Sort = sort, Text = Parse(text), Size = 7 };
        var version = 1;

        var seen = await PagesAsync(store, query, betweenPages: async () =>
        {
            version++;
            var changed = orders.Select(order => order with { Version = version, Status = "paid" });
            await store.ApplyAsync([.. changed, Order(100 + version, 50)]);
        });

        Assert.Equal(seen.Distinct(), seen);
        Assert.Empty(orders.Select(order => order.Id).Except(seen));
    }

    [SkippableFact]
    public async Task The_last_page_has_no_next_one()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. Enumerable.Range(0, 4).Select(i => Order(i, 1))]);

        var first = await store.SearchAsync(Orders.All with { Size = 2 });
        var last = await store.SearchAsync(Orders.All with { Size = 2, After = first.Next });

        Assert.NotNull(first.Next);
        Assert.Null(last.Next);
        Assert.Equal(2, last.Orders.Count);
        Assert.Equal(new(4, false), last.Total);
    }

    [SkippableTheory]
    [MemberData(nameof(Sorts))]
    public async Task A_position_that_is_not_valid_is_refused(OrderSort sort, string text)
    {
        var store = await stores.CreateAsync();
        var query = Orders.All with { Sort = sort, Text = Parse(text) };
        string[][] positions = [[], [""], ["x", "y"], ["1", "2", "3"], ["NaN", "", "", "", "", "", "", "1"], ["-9", "z"]];

        foreach (var values in positions)
        {
            await Assert.ThrowsAsync<InvalidCursorException>(
                () => store.SearchAsync(query with { After = new(values) }));
        }
    }

    [SkippableFact]
    public async Task Counting_stops_at_ten_thousand()
    {
        var store = await stores.CreateAsync();
        foreach (var batch in Enumerable.Range(0, 10_001).Select(i => Order(i, i)).Chunk(1_000))
            await store.Index.ApplyAsync(batch, default);

        await store.MakeSearchable();

        Assert.Equal(new(10_000, true), (await store.SearchAsync(Orders.All)).Total);
        Assert.Equal(new(10_000, true), (await store.SearchAsync(Orders.All with { Text = Parse("thing") })).Total);
        var filters = OrderFilters.None with { TotalTo = 9_999 };
        Assert.Equal(new(10_000, false), (await store.SearchAsync(Orders.All with { Filters = filters })).Total);
    }

    [SkippableFact]
    public async Task Many_matches_are_paged_by_relevance_to_the_last()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 2_345).Select(i => Order(i / 2, i))];
        foreach (var batch in orders.Chunk(1_000))
            await store.Index.ApplyAsync(batch, default);

        await store.MakeSearchable();

        var seen = await PagesAsync(store, Orders.All with { Text = Parse("common"), Size = 100 });

        Assert.Equal(orders.Length, seen.Count);
        Assert.Equal(orders.Select(order => order.Id).Order(), seen.Order());
    }

    private static async Task<List<Guid>> IdsAsync(OrderStore store, OrderQuery query) =>
        [.. (await store.SearchAsync(query)).Orders.Select(order => order.Document.Id)];

    private static async Task<List<Guid>> PagesAsync(
        OrderStore store, OrderQuery query, Func<Task>? betweenPages = null)
    {
        List<Guid> ids = [];
        while (true)
        {
            var page = await store.SearchAsync(query);
            ids.AddRange(page.Orders.Select(order => order.Document.Id));
            if (page.Next is not { } next)
                return ids;

            query = query with { After = next };
            if (betweenPages is not null)
                await betweenPages();
        }
    }

    private static OrderDocument Order(int minutes, long total) => Orders.New(order => order with
    {
        PlacedAt = Start.AddMinutes(minutes),
        Total = new(total, "EUR"),
        Lines = [Orders.Line("Common thing")],
    });

    private static SearchText Parse(string text) => SearchTextParser.Parse(text, out _);
}
