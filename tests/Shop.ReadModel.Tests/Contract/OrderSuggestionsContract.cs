using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What is suggested while somebody types, the same on every store.</summary>
public abstract class OrderSuggestionsContract(IOrderStores stores)
{
    [SkippableTheory]
    [InlineData("d", "Nguyễn Minh Đức")]
    [InlineData("NGUYEN", "Nguyễn Minh Đức")]
    [InlineData("đức ng", "Nguyễn Minh Đức")] // Any word may come first.
    [InlineData("minh duck")]
    [InlineData("keyb", "Keyboard, mechanical", "Keyboard tray")]
    [InlineData("keyboard ", "Keyboard, mechanical", "Keyboard tray")]
    [InlineData("tray k", "Keyboard tray")]
    [InlineData("board")] // Not from the middle of a word.
    [InlineData("duc keyb")] // One name has both, or none is suggested.
    [InlineData("berlin")] // Found by a search, but no name.
    [InlineData("keyb -tray")] // An order with an excluded word is not found.
    public async Task Names_complete_what_is_typed(string typed, params string[] expected)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.New(order => order with
        {
            Customer = order.Customer with { Name = "Nguyễn Minh Đức" },
            Lines = [Orders.Line("Keyboard, mechanical"), Orders.Line("Keyboard tray")],
        }));

        Assert.Equal(expected, (await SuggestAsync(store, typed)).Select(suggestion => suggestion.Text));
    }

    [SkippableFact]
    public async Task Each_is_suggested_once_with_what_it_is()
    {
        var store = await stores.CreateAsync();
        var lamp = Orders.Line("Lamp", "LI-1");
        var first = Orders.New(order => order with
        {
            Customer = order.Customer with { Name = "Lamar Lamb" },
            Lines = [lamp, lamp],
        });
        await store.ApplyAsync(first, Orders.New(order => order with { Customer = first.Customer, Lines = [lamp] }));

        var suggestions = await SuggestAsync(store, "la");
        var byNumber = await SuggestAsync(store, first.Number.ToLowerInvariant());

        Assert.Equal(
            [
                new(SuggestionKind.Customer, "Lamar Lamb", $"{first.Customer.Id}"),
                new(SuggestionKind.Product, "Lamp", "LI-1"),
            ],
            suggestions);
        Assert.Equal([new(SuggestionKind.Order, first.Number, $"{first.Id}")], byNumber);
    }

    [SkippableFact]
    public async Task No_more_come_than_are_asked_for_and_none_for_nothing()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. Enumerable.Range(0, 30).Select(i => Orders.WithCustomer($"Zelda {i}"))]);

        Assert.Equal(7, (await SuggestAsync(store, "zel", limit: 7)).Count);
        Assert.Empty(await SuggestAsync(store, ""));
        Assert.Empty(await SuggestAsync(store, "  \t"));
    }

    [SkippableTheory]
    [InlineData("\"")]
    [InlineData("*")]
    [InlineData("lamp*")]
    [InlineData(".*")]
    [InlineData("'; DROP TABLE order_summaries; --")]
    [InlineData("\\")]
    [InlineData("\ud800 lamp")]
    [InlineData("{\"match_all\":{}}")]
    public async Task Hostile_text_suggests_something_or_nothing(string typed)
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync(Orders.WithProducts("lamp"));

        Assert.All(await SuggestAsync(store, typed), suggestion => Assert.Equal("lamp", suggestion.Text));
    }

    private static Task<IReadOnlyList<Suggestion>> SuggestAsync(OrderStore store, string typed, int limit = 10) =>
        new OrderSuggester(store.Search).SuggestAsync(
            SearchTextParser.Parse(typed, out _), CallerScope.Everything, limit, default);
}
