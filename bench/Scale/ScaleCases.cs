using System.Text.Json;
using Npgsql;
using Shop.Testing.Orders;

namespace Shop.Bench.Scale;

/// <summary>A kind of request, with many different ones of it: each has a path of the read API and a query of the control arm.</summary>
internal sealed record ScaleCase(string Name, IReadOnlyList<(string Path, Func<Task> Direct)> Requests);

/// <summary>The requests that are measured, with words as frequent as in the orders.</summary>
internal sealed class ScaleCases(RealisticOrders orders, NpgsqlDataSource write, HttpClient api)
{
    private const int Variants = 40;
    private const int DeepPage = 25;

    private readonly Random _random = new(7);

    public async Task<IReadOnlyList<ScaleCase>> MakeAsync()
    {
        var words = Words();
        var ids = Enumerable.Range(0, 1_000).Select(_ => orders.Make(_random.Next(orders.Count)).Id.ToString("D"));
        var phrases = Enumerable.Range(0, Variants)
            .Select(_ => orders.Make(_random.Next(orders.Count)).Lines[0].Name.Split(' ').Select(Plain).ToArray())
            .Where(name => name.Length > 1 && name.All(word => word.Length > 1)).Select(name => name[..2]);
        var deep = new List<string>();
        foreach (var word in words.Take(10))
            deep.Add(await DeepAsync(word));
        return
        [
            Same("newest 20", "/orders/search?size=20", WriteQueries.Newest),
            Of("one word", words, Search, WriteQueries.Word(), word => word),
            new("two words", [.. Enumerable.Range(0, Variants).Select(_ => Two()).Select(two => (Search($"{two.First} {two.Second}"), Run(WriteQueries.TwoWords, two.First, two.Second)))]),
            Of("prefix", words, word => Search(Start(word)), WriteQueries.Word(), word => $"{Start(word)}:*"),
            new("phrase", [.. phrases.Select(pair => (Search($"\"{pair[0]} {pair[1]}\""), Run(WriteQueries.Word(), $"{pair[0]} <-> {pair[1]}")))]),
            Of("one word, three facets", words, word => $"{Search(word)}&facets=status,category,country", WriteQueries.WordWithFacets, word => word),
            Same("filter, facets, sort", "/orders/search?country=DE&category=Kitchen&facets=status,category,country&sort=total", WriteQueries.FilterFacetsAndSort),
            Same("all facets", "/orders/search?facets=status,category,country,currency,day,total", WriteQueries.AllFacets),
            new("page 26 of one word", [.. words.Zip(deep, (word, path) => (path, Run(WriteQueries.Word(DeepPage * 20), word)))]),
            Of("by id", ids, id => $"/orders/{id}", WriteQueries.ById, id => id),
            Of("suggestions", words, word => $"/orders/suggest?q={Uri.EscapeDataString(Start(word))}", WriteQueries.Suggestions, Start),
            Same("statistics", "/orders/statistics", WriteQueries.Statistics),
        ];
    }

    /// <returns>The path of a page that lies deep; the last one if there are not as many.</returns>
    private async Task<string> DeepAsync(string word)
    {
        var path = Search(word);
        var cursor = "";
        for (var page = 0; page < DeepPage; page++)
        {
            var answer = JsonElement.Parse(await api.GetStringAsync(new Uri($"{path}{cursor}", UriKind.Relative)));
            if (answer.GetProperty("nextCursor").GetString() is not { } next)
                break;
            cursor = $"&cursor={Uri.EscapeDataString(next)}";
        }

        return $"{path}{cursor}";
    }

    private ScaleCase Of(string name, IEnumerable<string> values, Func<string, string> path, string sql, Func<string, string> parameter) =>
        new(name, [.. values.Select(value => (path(value), Run(sql, parameter(value))))]);

    private ScaleCase Same(string name, string path, string sql) => new(name, [(path, Run(sql))]);

    private Func<Task> Run(string sql, params string[] parameters) => () => WriteQueries.RunAsync(write, sql, parameters);

    private string[] Words() =>
    [
        .. Enumerable.Repeat(0, int.MaxValue).Select(_ => orders.AnyWord(_random))
            .Where(word => word.All(char.IsLetter)).Take(Variants).Select(Plain),
    ];

    /// <summary>A customer's name and a word of a product that one order has.</summary>
    private (string First, string Second) Two()
    {
        while (true)
        {
            var order = orders.Make(_random.Next(orders.Count));
            var (first, second) = (order.Customer.Name.Split(' ')[^1], order.Lines[0].Name.Split(' ').MaxBy(word => word.Length)!);
            if (first.All(char.IsLetter) && second.All(char.IsLetter))
                return (Plain(first), Plain(second));
        }
    }

    private static string Search(string text) => $"/orders/search?size=20&q={Uri.EscapeDataString(text)}";

    private static string Start(string word) => word[..Math.Min(word.Length, 4)];

    // The control arm's words are not folded, so both search what needs no folding.
    private static string Plain(string word) => string.Concat(word.ToLowerInvariant().Where(char.IsLetterOrDigit));
}
