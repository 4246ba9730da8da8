using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Which match comes first, and what the largest orders say, the same on every store.</summary>
public abstract class OrderRelevanceContract(IOrderStores stores)
{
    [SkippableTheory]
    [InlineData("schlueter", "Eva Schlueter", "Eva Schlüter")]
    [InlineData("schlüter", "Eva Schlüter", "Eva Schlueter")]
    [InlineData("3m", "Cable 3m", "Cable 3 m")]
    [InlineData("wi-fi", "Router wi-fi", "Router wi fi")]
    [InlineData("wifi", "Router wifi")]
    public async Task What_was_written_as_searched_comes_first(string query, string first, string? second = null)
    {
        var store = await stores.CreateAsync();
        var exact = Orders.WithProducts(first);
        await store.ApplyAsync(exact);
        if (second is not null)
            await store.ApplyAsync(Orders.WithProducts(second)); // Newer, so it would be first if both were equal.

        var found = await FindAsync(store, query);

        Assert.Equal(second is null ? 1 : 2, found.Count);
        Assert.Equal(exact.Id, found[0]);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_order_of_200_lines_is_found_by_each_of_its_phrases(bool areNamesDifferent)
    {
        var store = await stores.CreateAsync();
        var order = Orders.New(order => order with
        {
            Lines = [.. Enumerable.Range(1, 200).Select(i => Orders.Line($"Wood screw M{(areNamesDifferent ? i : 1)}, screw set"))],
            Note = "every screw wanted urgently",
        });
        await store.ApplyAsync(order);

        foreach (var query in new[]
        {
            "\"screw wanted\"", "screw-wanted", "\"screw wanted urgently\"", "screw-want", "\"wood screw\"", "urgently",
        })
        {
            Assert.Equal([order.Id], await FindAsync(store, query));
        }

        Assert.Empty(await FindAsync(store, "\"wanted screw\""));
        Assert.Empty(await FindAsync(store, "-\"screw wanted\""));
    }

    [SkippableFact]
    public async Task The_largest_order_is_stored_and_found_by_every_word()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New(order => order with
        {
            Lines =
            [
                .. Enumerable.Range(0, 200).Select(i => Orders.Line(
                    Long(200, $"ü漢{i} ", i), category: Long(100, $"ü{i} ", i + 500))),
            ],
            ShippingAddress = order.ShippingAddress with { Street = Long(200, "ü1 ", 1000) },
            Note = Long(2_000, "n\u00F6te ", 2000) + " the very end",
        });

        var outcome = Assert.Single(await store.ApplyAsync(order));

        Assert.Equal((IndexResult.Applied, null), (outcome.Result, outcome.Reason));
        foreach (var query in new[] { "\"very end\"", "漢199", "u199", "noete", order.Number })
            Assert.Equal([order.Id], await FindAsync(store, query));

        static string Long(int length, string word, int seed) => string.Concat(
            Enumerable.Range(0, length).Select(i => $"{word}{(char)('ก' + ((seed + i) % 40))}x{(seed * 31) + i} "))[..length];
    }

    [SkippableFact]
    public async Task A_word_of_any_length_is_found()
    {
        var store = await stores.CreateAsync();
        var order = Orders.WithNote($"{new string('ß', 700)} {string.Join('-', Enumerable.Range(0, 40))}");
        await store.ApplyAsync(order);

        Assert.Equal([order.Id], await FindAsync(store, new string('s', 900)));
        Assert.Equal([order.Id], await FindAsync(store, string.Join('-', Enumerable.Range(0, 40))));
    }

    private static async Task<List<Guid>> FindAsync(OrderStore store, string query)
    {
        var page = await store.SearchAsync(Orders.All with { Text = SearchTextParser.Parse(query, out _) });
        return [.. page.Orders.Select(order => order.Document.Id)];
    }
}
