using System.Globalization;

namespace Shop.ReadModel;

/// <summary>A validated search. Filters are combined with "and", the values of one filter with "or".</summary>
public sealed record OrderQuery
{
    /// <summary>The orders that the caller may see. Results, totals, facets and cursors are confined to them.</summary>
    public required CallerScope Scope { get; init; }

    /// <summary>The parsed search text.</summary>
    public SearchText Text { get; init; } = SearchText.Empty;

    public OrderFilters Filters { get; init; } = OrderFilters.None;
    public OrderSort Sort { get; init; } = OrderSort.Relevance;

    /// <summary>The page size, 1 to 100.</summary>
    public int Size { get; init; } = 20;

    /// <summary>The end of the previous page, from <see cref="OrderSearchPage.Next"/>.</summary>
    public PagePosition? After { get; init; }

    public IReadOnlyList<OrderFacet> Facets { get; init; } = [];
}

/// <param name="PlacedFrom">Inclusive.</param>
/// <param name="PlacedBefore">Exclusive.</param>
/// <param name="TotalFrom">In minor units, inclusive.</param>
/// <param name="TotalTo">In minor units, inclusive.</param>
public sealed record OrderFilters(
    IReadOnlyList<string> Statuses,
    IReadOnlyList<Guid> CustomerIds,
    IReadOnlyList<string> Skus,
    IReadOnlyList<string> Categories,
    IReadOnlyList<string> Countries,
    IReadOnlyList<string> Currencies,
    DateTimeOffset? PlacedFrom,
    DateTimeOffset? PlacedBefore,
    long? TotalFrom,
    long? TotalTo)
{
    public static OrderFilters None { get; } = new([], [], [], [], [], [], null, null, null, null);
}

public enum OrderSort
{
    Relevance,
    Newest,
    Oldest,
    Total,
}

public enum OrderFacet
{
    Status,
    Category,
    Country,
    Currency,
    Customer,
    Sku,

    /// <summary>The UTC day on which an order was placed: every day with orders, oldest first.</summary>
    Day,

    /// <summary>Ranges of the total, lowest first; see <see cref="TotalRange"/>.</summary>
    Total,
}

/// <summary>
/// A range of totals in minor units, by which <see cref="OrderFacet.Total"/> counts. Its bounds are the filters that
/// select its orders.
/// </summary>
/// <param name="To">Inclusive; null for the last range.</param>
public sealed record TotalRange(long From, long? To)
{
    private static readonly long[] Starts =
        [0, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000];

    public static IReadOnlyList<TotalRange> All { get; } =
    [
        .. Starts.Zip([.. Starts.Skip(1).Select(next => (long?)(next - 1)), null], (from, to) => new TotalRange(from, to)),
    ];

    public string Name => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");
}

/// <summary>
/// A parsed search text. All terms must match, but not in the same field. A term matches if its tokens follow each
/// other in one field, or if it equals an order number, a SKU or an e-mail address.
/// </summary>
/// <param name="Terms">Words and phrases as typed, in Unicode form C; each has at least one token.</param>
/// <param name="Prefix">
/// The last word if nothing follows it, otherwise null. Its last token matches as a prefix.
/// </param>
/// <param name="Excluded">Words and phrases that must not match.</param>
public sealed record SearchText(IReadOnlyList<string> Terms, string? Prefix, IReadOnlyList<string> Excluded)
{
    public static SearchText Empty { get; } = new([], null, []);

    /// <summary>Other words, by term, each of which matches instead of the term; folded, with ü as u.</summary>
    public IReadOnlyDictionary<string, string[]> Similar { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The terms that were typed in quotes. Their typing mistakes are not corrected.</summary>
    public IReadOnlyCollection<string> Phrases { get; init; } = [];

    /// <summary>The text in the form in which it can be typed.</summary>
    public override string ToString() => string.Join(' ', Terms.Select(Quoted)
        .Concat(Excluded.Select(term => "-" + Quoted(term))).Concat(Prefix is { } prefix ? [prefix] : (string[])[]));

    private static string Quoted(string term) => term.Any(char.IsWhiteSpace) ? $"\"{term}\"" : term;

    /// <summary>Whether anything must match. Only then can orders be sorted by relevance.</summary>
    public bool HasRequired => Terms.Count > 0 || Prefix is not null;
}

/// <summary>
/// The sort values of the last order of a page. They include the order's id, so a position is unique. None of them
/// depends on other orders, so an order that does not change is neither listed twice nor missed.
/// </summary>
public sealed record PagePosition(IReadOnlyList<string> Values);
