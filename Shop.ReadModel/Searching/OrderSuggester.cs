using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Completes a text with names of customers and products, and with the order whose number it is. Suggestions come from
/// the best matches of a search for the text, the newest of equal matches first, so that every store suggests the same.
/// </summary>
public sealed class OrderSuggester(IOrderSearch search)
{
    /// <summary>How many matches are examined. That is enough, since each further letter narrows them down.</summary>
    private const int Orders = 100;

    /// <param name="text">The text typed so far.</param>
    /// <param name="limit">The maximum number of suggestions.</param>
    /// <returns>Each customer, product and order once.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<Suggestion>> SuggestAsync(
        SearchText text, int limit, CancellationToken cancellationToken)
    {
        if (!text.HasRequired)
            return [];

        var page = await search.SearchAsync(new() { Text = text, Size = Orders }, cancellationToken);
        return
        [
            .. page.Orders
                .SelectMany(order => Of(order.Document, text))
                .DistinctBy(suggestion => (suggestion.Kind, suggestion.Id))
                .Take(limit),
        ];
    }

    private static IEnumerable<Suggestion> Of(OrderDocument order, SearchText text)
    {
        if (IsWhole(text, order.Number))
            yield return new(SuggestionKind.Order, order.Number, order.Id.ToString("D"));

        if (Completes(text, order.Customer.Name))
            yield return new(SuggestionKind.Customer, order.Customer.Name, order.Customer.Id.ToString("D"));

        foreach (var line in order.Lines.Where(line => Completes(text, line.Name)))
            yield return new(SuggestionKind.Product, line.Name, line.Sku);
    }

    private static bool IsWhole(SearchText text, string number) =>
        TextFolding.Fold(string.Join(' ', text.Terms.Append(text.Prefix).OfType<string>())) == TextFolding.Fold(number);

    private static bool Completes(SearchText text, string name)
    {
        var words = Words(name);
        return text.Terms.All(term => Words(term).All(words.Contains))
            && (text.Prefix is null || IsBegun(Words(text.Prefix), words));
    }

    private static bool IsBegun(List<string> typed, List<string> words) =>
        typed.SkipLast(1).All(words.Contains)
        && words.Exists(word => word.StartsWith(typed[^1], StringComparison.Ordinal));

    private static List<string> Words(string text) => [.. TextTokenizer.Tokenize(text).Select(token => token.Folded)];
}

/// <param name="Text">The name, or the number.</param>
/// <param name="Id">The customer's or order's id, the product's SKU.</param>
public sealed record Suggestion(SuggestionKind Kind, string Text, string Id);

public enum SuggestionKind
{
    Customer,
    Product,
    Order,
}
