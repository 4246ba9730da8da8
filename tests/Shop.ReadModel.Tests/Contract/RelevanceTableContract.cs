using System.Runtime.CompilerServices;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>The same query means the same on every store. The orders are written once; each test only searches.</summary>
public abstract class RelevanceTableContract(IOrderStores stores)
{
    private static readonly ConditionalWeakTable<IOrderStores, Lazy<Task<OrderStore>>> Filled = [];

    public static TheoryData<string, string, string> Rows => RelevanceTable.Rows;

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public async Task The_orders_that_are_meant_come_first(string query, string first, string absent)
    {
        var store = await Filled.GetValue(stores, stores => new(() => FillAsync(stores))).Value;

        var found = await FindAsync(store, query);

        var names = RelevanceTable.Sample.ToDictionary(order => order.Value.Id, order => order.Key);
        var expected = first.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var actual = found.Select(order => names[order.Document.Id]).ToList();
        Assert.Equal(expected.Order(), actual.Take(expected.Length).Order());
        Assert.Empty(actual.Intersect(absent == "*" ? names.Values.Except(expected) : absent.Split(' ')));
    }

    [SkippableTheory]
    [InlineData("keybaord stnad", "keyboard stand")]
    [InlineData("\"with the lamp\" keybord", "\"with the lamp\" keyboard")]
    [InlineData("keybord -lamp", "keyboard -lamp")]
    [InlineData("-lamp keybord", "-lamp keyboard")]
    [InlineData("desk-lmap", "desk lamp")]
    [InlineData("o'brein", "o brien")]
    [InlineData("wireless-muose4", null)]
    [InlineData("sony-hedaphones4", "sony headphones 4")]
    [InlineData("hedaphones1000xm", "headphones 1000 xm")]
    [InlineData("1234568", null)]
    [InlineData("1234657", null)]
    [InlineData("keyboard", null)]
    [InlineData("zzz", null)]
    [InlineData("\U00014400\U00014401\U00014402", null)]
    [InlineData("\"desk lmap\"", null)]
    [InlineData("\"keybord\"", null)]
    [InlineData("«keybord»", null)]
    [InlineData("stand \"keybord\"", null)]
    [InlineData("\"desk-lmap\"", null)]
    public async Task A_correction_is_said_in_the_form_in_which_it_can_be_typed(string query, string? corrected)
    {
        var store = await Filled.GetValue(stores, stores => new(() => FillAsync(stores))).Value;
        var typed = Orders.All with { Text = SearchTextParser.Parse(query, out _) };

        var found = await new SearchCorrector(store.Search).CorrectAsync(typed, default);

        Assert.Equal(corrected, found?.Text.ToString());
    }

    private static async Task<OrderStore> FillAsync(IOrderStores stores)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. RelevanceTable.Sample.Values]);
        return store;
    }

    private static async Task<IReadOnlyList<StoredOrder>> FindAsync(OrderStore store, string query)
    {
        var typed = Orders.All with { Text = SearchTextParser.Parse(query, out _) };
        var found = (await store.SearchAsync(typed)).Orders;
        return found.Count == 0 && await new SearchCorrector(store.Search).CorrectAsync(typed, default) is { } corrected
            ? (await store.SearchAsync(corrected)).Orders
            : found;
    }
}
