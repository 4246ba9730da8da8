namespace Shop.ReadModel.Searching;

/// <summary>Whether single orders are among those that a search finds, by the rules of the stores.</summary>
public sealed class OrderMatcher(OrderQuery query)
{
    private readonly SearchTerm[] _required = [.. SearchTerm.Required(query.Text)];
    private readonly SearchTerm[] _excluded = [.. query.Text.Excluded.Select(SearchTerm.Of)];

    public bool Matches(AnalyzedOrder order) =>
        MatchesFilters(order)
        && Array.TrueForAll(_required, order.Has)
        && !Array.Exists(_excluded, order.Has);

    private bool MatchesFilters(AnalyzedOrder analyzed)
    {
        var (order, filters) = (analyzed.Order.Document, query.Filters);
        return query.Scope.Includes(order.Customer.Id)
            && AnyOf(filters.Statuses, order.Status)
            && AnyOf(filters.CustomerIds, order.Customer.Id)
            && AnyOf(filters.Countries, order.ShippingAddress.Country)
            && AnyOf(filters.Currencies, order.Total.Currency)
            && (filters.Skus.Count == 0 || order.Lines.Any(line => filters.Skus.Contains(line.Sku)))
            && (filters.Categories.Count == 0 || order.Lines.Any(line => filters.Categories.Contains(line.Category)))
            && !(order.PlacedAt < filters.PlacedFrom) && !(order.PlacedAt >= filters.PlacedBefore)
            && !(order.Total.Amount < filters.TotalFrom) && !(order.Total.Amount > filters.TotalTo);
    }

    private static bool AnyOf<T>(IReadOnlyList<T> values, T value) => values.Count == 0 || values.Contains(value);
}

/// <summary>An order whose words are found once, when the first search needs them. It can be used by many threads.</summary>
public sealed class AnalyzedOrder(StoredOrder order)
{
    private readonly Lazy<HashSet<string>> _exact = new(
        () => [.. SearchFields.Exact(order.Document).Select(field => TextFolding.Fold(field.Text.Trim()))]);

    private readonly Lazy<List<List<TextToken>>> _texts = new(
        () => [.. SearchFields.Texts(order.Document).Select(field => TextAnalyzer.Analyze(field.Text))]);

    private readonly Lazy<List<PhoneNumber>> _numbers = new(
        () => [.. SearchFields.Texts(order.Document).Where(field => field.HasNumbers)
            .SelectMany(field => PhoneNumbers.In(field.Text))]);

    public StoredOrder Order => order;

    internal bool Has(SearchTerm term) =>
        _exact.Value.Overlaps(term.Exacts)
        || _texts.Value.Exists(tokens => Has(tokens, term))
        || (term.Number is { } number && _numbers.Value.Exists(number.Matches));

    /// <summary>The first of these words that a text of the order has.</summary>
    internal string? FirstOf(IReadOnlyCollection<string> words) => _texts.Value
        .SelectMany(tokens => tokens)
        .Select(token => token.Text)
        .FirstOrDefault(text => words.Contains(text, StringComparer.Ordinal));

    private static bool Has(List<TextToken> tokens, SearchTerm term)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            if (term.EndOfMatch(tokens, i) > 0)
                return true;
        }

        return false;
    }
}
