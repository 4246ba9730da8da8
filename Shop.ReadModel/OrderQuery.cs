namespace Shop.ReadModel;

/// <summary>A search, already validated. Values of one filter are "or", filters are "and".</summary>
public sealed record OrderQuery
{
    /// <summary>The parsed search text.</summary>
    public SearchText Text { get; init; } = SearchText.Empty;

    public OrderFilters Filters { get; init; } = OrderFilters.None;
    public OrderSort Sort { get; init; } = OrderSort.Relevance;

    /// <summary>1 to 100.</summary>
    public int Size { get; init; } = 20;

    /// <summary>Where the previous page ended, as the store gave it in <see cref="OrderSearchPage.Next"/>.</summary>
    public PagePosition? After { get; init; }

    public IReadOnlyList<OrderFacet> Facets { get; init; } = [];
}

/// <param name="PlacedFrom">Included.</param>
/// <param name="PlacedBefore">Not included.</param>
/// <param name="TotalFrom">Minor units, included.</param>
/// <param name="TotalTo">Minor units, included.</param>
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

    /// <summary>The UTC day on which an order was placed: the latest hundred days with orders, oldest first.</summary>
    Day,
}

/// <summary>
/// A parsed search text. All terms must match, in any of the fields and across them. A term matches if its tokens follow
/// each other in one field, or if it equals an order number, a SKU or an e-mail address.
/// </summary>
/// <param name="Terms">Words and phrases as typed, in Unicode form C; each has at least one token.</param>
/// <param name="Prefix">The last word if nothing follows it, else null: its last token matches as a prefix.</param>
/// <param name="Excluded">Words and phrases that must not match.</param>
public sealed record SearchText(IReadOnlyList<string> Terms, string? Prefix, IReadOnlyList<string> Excluded)
{
    public static SearchText Empty { get; } = new([], null, []);

    /// <summary>Whether there is anything that must match, and thus a relevance to sort by.</summary>
    public bool HasRequired => Terms.Count > 0 || Prefix is not null;
}

/// <summary>
/// The sort values of the last order of a page. The order's id is one of them, so that a position is unique, and none
/// of them depends on other orders: an order that does not change is neither listed twice nor missed.
/// </summary>
public sealed record PagePosition(IReadOnlyList<string> Values);
