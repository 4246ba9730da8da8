using Shop.Contracts;
using Shop.ReadModel.Searching;
using Shop.Testing.Orders;
using Xunit.Abstractions;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>How well searches rank realistic orders, by judgements that do not come from the product.</summary>
public abstract class RankingContract(IOrderStores stores, ITestOutputHelper output)
{
    private const int OrderCount = 3_000;
    private const double Floor = 0.95;

    [SkippableFact]
    public async Task Judged_searches_list_what_is_meant_first()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. new RealisticOrders(OrderCount).All];
        foreach (var batch in orders.Chunk(1_000))
            await store.Index.ApplyAsync(batch, default);
        await store.MakeSearchable();
        JudgedOrder[] judged = [.. orders.Select(order => new JudgedOrder(order))];

        List<double> figures = [];
        foreach (var search in JudgedSearch.Read(orders))
        {
            figures.Add(JudgedSearch.Ndcg(search.Grades(judged), await FindAsync(store, search.Query)));
            output.WriteLine($"{figures[^1]:0.000} {search.Kind} {search.Query}");
        }

        output.WriteLine($"{figures.Average():0.000} nDCG@10 of {figures.Count} searches");
        Assert.True(figures.Average() >= Floor, $"nDCG@10 is {figures.Average():0.000}.");
    }

    private static async Task<IEnumerable<Guid>> FindAsync(OrderStore store, string query)
    {
        var typed = Orders.All with { Text = SearchTextParser.Parse(query, out _), Size = 10 };
        var page = await store.SearchAsync(typed);
        if (page.Orders.Count == 0 && await new SearchCorrector(store.Search).CorrectAsync(typed, default) is { } corrected)
            page = await store.SearchAsync(corrected);
        return page.Orders.Select(order => order.Document.Id);
    }
}
