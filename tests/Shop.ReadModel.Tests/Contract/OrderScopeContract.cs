using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What a customer sees of orders that are not theirs: nothing, on every store and through every query.</summary>
public abstract class OrderScopeContract(IOrderStores stores)
{
    private static readonly OrderFacet[] AllFacets = Enum.GetValues<OrderFacet>();

    [SkippableTheory]
    [InlineData("")]
    [InlineData("lamp")]
    [InlineData("\"red lamp\" -desk")]
    [InlineData("bert@example.com")]
    [InlineData("Bert")]
    public async Task Items_totals_and_facets_are_those_of_the_caller_alone(string text)
    {
        var store = await stores.CreateAsync();
        var (anna, bert) = (Customer("Anna"), Customer("Bert"));
        var own = Order(anna, "Red lamp", "DE");
        await store.ApplyAsync(own, Order(bert, "Red lamp", "FR"), Order(bert, "Blue lamp", "DE"));
        await store.ApplyAsync(Order(bert, "Secret", "IT"));
        var alone = await stores.CreateAsync();
        await alone.ApplyAsync(own);

        foreach (var sort in Enum.GetValues<OrderSort>())
        {
            var query = new OrderQuery
            {
                Scope = CallerScope.Of(anna.Id),
                Text = Parse(text),
                Sort = sort,
                Facets = AllFacets,
            };
            await AssertSameAsync(store, alone, query);
            var ofBert = OrderFilters.None with { CustomerIds = [bert.Id], Statuses = [OrderStatuses.Placed] };
            await AssertSameAsync(store, alone, query with { Filters = ofBert });
        }
    }

    [SkippableFact]
    public async Task Pages_go_on_within_the_orders_of_the_caller()
    {
        var store = await stores.CreateAsync();
        var (anna, bert) = (Customer("Anna"), Customer("Bert"));
        OrderDocument[] all =
            [.. Enumerable.Range(0, 12).Select(i => Order(i % 2 == 0 ? anna : bert, "Lamp", "DE"))];
        await store.ApplyAsync(all);

        List<Guid> found = [];
        var query = new OrderQuery { Scope = CallerScope.Of(anna.Id), Text = Parse("lamp"), Size = 2 };
        PagePosition? next = null;
        do
        {
            var page = await store.SearchAsync(query with { After = next });
            found.AddRange(page.Orders.Select(order => order.Document.Id));
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(all.Where(order => order.Customer == anna).Select(order => order.Id).Reverse(), found);
    }

    [SkippableFact]
    public async Task A_document_is_found_by_id_by_its_customer_and_by_whoever_sees_everything()
    {
        var store = await stores.CreateAsync();
        var (anna, bert) = (Customer("Anna"), Customer("Bert"));
        var order = Order(anna, "Lamp", "DE");
        await store.ApplyAsync(order);

        // Several times, so that a cache has it meanwhile.
        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull(await store.Search.GetAsync(order.Id, CallerScope.Of(anna.Id), 0, default));
            Assert.NotNull(await store.Search.GetAsync(order.Id, CallerScope.Everything, 0, default));
            Assert.Null(await store.Search.GetAsync(order.Id, CallerScope.Of(bert.Id), 0, default));
            Assert.Null(await store.Search.GetAsync(order.Id, CallerScope.Of(bert.Id), order.Version, default));
        }
    }

    [SkippableFact]
    public async Task Names_and_numbers_of_others_are_not_suggested()
    {
        var store = await stores.CreateAsync();
        var (anna, bert) = (Customer("Anna"), Customer("Bert"));
        var others = Order(bert, "Lamp shade", "DE");
        await store.ApplyAsync(Order(anna, "Lamp", "DE"), others);
        var suggester = new OrderSuggester(store.Search);

        Assert.Equal(["Lamp"], await SuggestAsync("lamp"));
        Assert.Empty(await SuggestAsync("bert"));
        Assert.Empty(await SuggestAsync("shade"));
        Assert.Empty(await SuggestAsync(others.Number));

        async Task<IEnumerable<string>> SuggestAsync(string text) =>
            (await suggester.SuggestAsync(Parse(text), CallerScope.Of(anna.Id), limit: 10, default))
                .Select(suggestion => suggestion.Text);
    }

    [SkippableFact]
    public async Task Waiting_for_a_version_of_another_customer_is_like_waiting_for_a_missing_order()
    {
        var store = await stores.CreateAsync();
        var (anna, bert) = (Customer("Anna"), Customer("Bert"));
        var order = Order(anna, "Lamp", "DE");
        await store.ApplyAsync(order);
        var awaiter = new VersionAwaiter(store.Search, TimeProvider.System);
        var shortly = TimeSpan.FromMilliseconds(50);

        Assert.Empty(await awaiter.WaitAsync([new(order.Id, 1)], CallerScope.Of(anna.Id), shortly, default));
        Assert.Equal(
            [new(order.Id, 1, null)],
            await awaiter.WaitAsync([new(order.Id, 1)], CallerScope.Of(bert.Id), shortly, default));
    }

    private static async Task AssertSameAsync(OrderStore store, OrderStore alone, OrderQuery query)
    {
        var (actual, expected) = (await store.SearchAsync(query), await alone.SearchAsync(query));
        Assert.Equal(Ids(expected), Ids(actual));
        Assert.Equal(expected.Total, actual.Total);
        Assert.Equivalent(expected.Facets, actual.Facets, strict: true);
    }

    private static IEnumerable<Guid> Ids(OrderSearchPage page) => page.Orders.Select(order => order.Document.Id);

    private static OrderCustomer Customer(string name) =>
        new(Guid.CreateVersion7(), name, $"{name.ToLowerInvariant()}@example.com", "DE");

    private static OrderDocument Order(OrderCustomer customer, string product, string country) =>
        Orders.New(order => order with
        {
            Customer = customer,
            Lines = [Orders.Line(product, sku: $"SKU {product}")],
            ShippingAddress = order.ShippingAddress with { Recipient = customer.Name, Country = country },
        });

    private static SearchText Parse(string text) => SearchTextParser.Parse(text, out _);
}
