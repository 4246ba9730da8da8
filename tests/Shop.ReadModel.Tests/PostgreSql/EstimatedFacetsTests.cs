using Shop.Contracts;
using Shop.ReadModel.Searching;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>Facets of searches that find too many orders to count them.</summary>
public sealed class EstimatedFacetsTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private const int Count = 6_000;

    [Fact]
    public async Task Facets_of_many_orders_are_estimated_and_said_to_be()
    {
        var store = await FillAsync();

        var all = await store.SearchAsync(Orders.All with { Facets = [OrderFacet.Status, OrderFacet.Category] });
        var found = await store.SearchAsync(Orders.All with { Text = Parse("common"), Facets = [OrderFacet.Status] });

        Assert.Equal([OrderFacet.Status, OrderFacet.Category], all.EstimatedFacets);
        Assert.InRange(Of(all, OrderFacet.Status, OrderStatuses.Paid), Count / 2, Count);
        Assert.InRange(Of(all, OrderFacet.Category, "Things"), Count * 8 / 10, Count * 12 / 10);
        Assert.Equal([OrderFacet.Status], found.EstimatedFacets);
        Assert.InRange(Of(found, OrderFacet.Status, OrderStatuses.Placed), Count / 6, Count / 3);
    }

    [Fact]
    public async Task Facets_of_few_orders_are_counted_even_if_another_facet_is_estimated()
    {
        var store = await FillAsync();

        var rare = await store.SearchAsync(Orders.All with
        {
            Text = Parse("rare"),
            Facets = [OrderFacet.Status, OrderFacet.Day, OrderFacet.Total],
        });
        var filtered = await store.SearchAsync(Orders.All with
        {
            Filters = OrderFilters.None with { Countries = ["FR"] },
            Facets = [OrderFacet.Status, OrderFacet.Country],
        });

        var reversed = await store.SearchAsync(Orders.All with { Text = Parse("\"thing common\""), Facets = [OrderFacet.Status] });

        Assert.Empty(reversed.EstimatedFacets);
        Assert.Equal(new(0, false), reversed.Total);
        Assert.Empty(rare.EstimatedFacets);
        Assert.Equal([new(OrderStatuses.Paid, 60)], rare.Facets[OrderFacet.Status]);
        Assert.Equal([OrderFacet.Country], filtered.EstimatedFacets);
        Assert.Equal([new(OrderStatuses.Paid, 60)], filtered.Facets[OrderFacet.Status]);
        Assert.InRange(Of(filtered, OrderFacet.Country, "DE"), Count * 8 / 10, Count * 12 / 10);
    }

    private async Task<OrderStore> FillAsync()
    {
        var store = await stores.CreateAsync();
        stores.Facets.CountedFacetOrders = 2_000;
        foreach (var batch in Enumerable.Range(0, Count).Select(Order).Chunk(2_000))
            await store.Index.ApplyAsync(batch, default);
        await stores.ExecuteAsync("ANALYZE");
        return store;
    }

    // One in a hundred is rare: it is also in France, and paid.
    private static OrderDocument Order(int number) => Orders.New(order => order with
    {
        Status = number % 4 == 0 && number % 100 != 0 ? OrderStatuses.Placed : OrderStatuses.Paid,
        Lines = [Orders.Line(number % 100 == 0 ? "Common rare thing" : "Common thing")],
        ShippingAddress = order.ShippingAddress with { Country = number % 100 == 0 ? "FR" : "DE" },
    });

    private static long Of(OrderSearchPage page, OrderFacet facet, string value) =>
        page.Facets[facet].Single(found => found.Value == value).Count;

    private static SearchText Parse(string text) => SearchTextParser.Parse(text, out _);
}
