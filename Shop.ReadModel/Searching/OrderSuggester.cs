using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Completes a text with names of customers and products, and finds an order by its number. Suggestions come from the
/// best matches of a search for the text, the newest of equal matches first, so that all stores return the same ones.
/// </summary>
public sealed class OrderSuggester(IOrderSearch search)
{
    /// <summary>
    /// The number of matches that are examined. It is sufficient, because each further letter narrows them down.
    /// </summary>
    private const int Orders = 100;

    /// <param name="text">The text typed so far.</param>
    /// <param name="scope">The orders that the caller may see.</param>
    /// <param name="limit">The maximum number of suggestions.</param>
    /// <returns>Each customer, product and order once.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<IReadOnlyList<Suggestion>> SuggestAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        if (!text.HasRequired)
            return [];

        var page = await search.SearchAsync(new() { Scope = scope, Text = text, Size = Orders }, cancellationToken);
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
        var words = TextAnalyzer.Analyze(name);
        return SearchTerm.Required(text).All(term => Contains(words, term));
    }

    private static bool Contains(List<TextToken> words, SearchTerm term)
    {
        var last = term.Parts.Count - 1;
        return term.Parts.Index().All(part => Has(part.Item, isPrefix: term.IsPrefix && part.Index == last))
            || Has(term.Joined, term.IsPrefix);

        bool Has(string[] spellings, bool isPrefix) => words.Exists(word => word.Matches(spellings, isPrefix));
    }
}

/// <param name="Text">The name or the order number.</param>
/// <param name="Id">The id of the customer or order, or the SKU of the product.</param>
public sealed record Suggestion(SuggestionKind Kind, string Text, string Id);

public enum SuggestionKind
{
    Customer,
    Product,
    Order,
}
