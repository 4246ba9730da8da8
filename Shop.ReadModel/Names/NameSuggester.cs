using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

/// <summary>
/// Completes a text while it is typed: with customers and products by their names, and orders by the beginning of their
/// number. A caller who sees one customer's orders is suggested what these contain.
/// </summary>
public sealed class NameSuggester(INameSearch names, OrderSuggester ofOrders)
{
    /// <summary>A shorter beginning is that of too many numbers.</summary>
    private const int MinNumber = 4;
    private const int MaxNumber = 40;

    /// <param name="text">The text typed so far.</param>
    /// <param name="scope">The orders that the caller may see.</param>
    /// <param name="limit">The maximum number of suggestions.</param>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<Suggestions> SuggestAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        if (!text.HasRequired)
            return new([]);
        if (scope.CustomerId is not null)
            return new(await ofOrders.SuggestAsync(text, scope, limit, cancellationToken));

        var found = await FindAsync(text, limit, cancellationToken);
        return found.Count == 0 && await CorrectAsync(text, cancellationToken) is { } corrected
            ? new(await FindAsync(corrected, limit, cancellationToken), corrected.ToString())
            : new(found);
    }

    private async Task<IReadOnlyList<Suggestion>> FindAsync(
        SearchText text, int limit, CancellationToken cancellationToken)
    {
        var customers = names.FindAsync(new(NameKind.Customer, text, limit), cancellationToken);
        var products = names.FindAsync(new(NameKind.Product, text, limit), cancellationToken);
        var orders = NumberPrefix(text) is { } prefix
            ? names.FindNumbersAsync(prefix, limit, cancellationToken)
            : Task.FromResult<IReadOnlyList<FoundNumber>>([]);
        await Task.WhenAll(customers, products, orders);

        // A product has many more orders than a customer, so the two are not ranked against each other.
        var ranked = (await customers).Select(Customer).Index()
            .Concat((await products).Select(Product).Index())
            .OrderBy(suggestion => suggestion.Index).Select(suggestion => suggestion.Item);
        var numbers = (await orders)
            .Select(order => new Suggestion(SuggestionKind.Order, order.Number, $"{order.OrderId:D}"));
        return [.. ranked.Concat(numbers).Take(limit)];

        static Suggestion Customer(FoundName name) => new(SuggestionKind.Customer, name.Text, name.Key.Id);
        static Suggestion Product(FoundName name) => new(SuggestionKind.Product, name.Text, name.Key.Id);
    }

    private static string? NumberPrefix(SearchText text) =>
        text is { Terms: [], Excluded: [], Prefix: { } typed }
            && SearchTerm.Of(typed).Exacts[0] is { Length: >= MinNumber and <= MaxNumber } number
            && number.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? number
            : null;

    /// <returns>Null if no name has similar words.</returns>
    private async Task<SearchText?> CorrectAsync(SearchText text, CancellationToken cancellationToken)
    {
        if (NameCorrection.Of(text) is not { } correction)
            return null;

        var found = await Task.WhenAll(
            names.FindAsync(new(NameKind.Customer, correction.Similar, Limit: 1), cancellationToken),
            names.FindAsync(new(NameKind.Product, correction.Similar, Limit: 1), cancellationToken));
        return found.SelectMany(names => names).MaxBy(name => name.Orders) is { } best
            ? correction.With(best.Text)
            : null;
    }
}

/// <param name="Items">Each customer, product and order once.</param>
/// <param name="Corrected">The text that was searched for instead, because nothing has the given words.</param>
public sealed record Suggestions(IReadOnlyList<Suggestion> Items, string? Corrected = null);
