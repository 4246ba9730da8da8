namespace Shop.ReadModel;

/// <summary>A search, already validated. Values of one filter are "or", filters are "and".</summary>
public sealed record OrderQuery
{
    /// <summary>What the caller typed, taken apart; see <see cref="SearchText"/>.</summary>
    public SearchText Text { get; init; } = SearchText.Empty;

    public OrderFilters Filters { get; init; } = OrderFilters.None;
    public OrderSort Sort { get; init; } = OrderSort.Relevance;

    /// <summary>1 to 100.</summary>
    public int Size { get; init; } = 20;

    /// <summary>Where the previous page ended, as the store gave it in <see cref="OrderSearchPage.Next"/>.</summary>
    public PagePosition? After { get; init; }

    public IReadOnlyList<OrderFacet> Facets { get; init; } = [];
    public bool Highlight { get; init; }
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

    /// <summary>The day in UTC on which an order was placed: the latest hundred that have any, oldest first.</summary>
    Day,
}

/// <summary>
/// What was typed: all must match, in any of the fields and across them. Each entry matches where its tokens stand
/// next to each other in one field, or where it is an order number, SKU or e-mail as a whole.
/// </summary>
/// <param name="Terms">Words and phrases as typed, in Unicode form C; each has at least one token.</param>
/// <param name="Prefix">The last word when nothing follows it, else null: its last token matches as a prefix.</param>
/// <param name="Excluded">Words and phrases that must not match.</param>
public sealed record SearchText(IReadOnlyList<string> Terms, string? Prefix, IReadOnlyList<string> Excluded)
{
    public static SearchText Empty { get; } = new([], null, []);

    /// <summary>Whether there is anything that must match, and so anything to be relevant to.</summary>
    public bool HasRequired => Terms.Count > 0 || Prefix is not null;
}

/// <summary>The sort values of the last item of a page, and the point in time where a store has one.</summary>
public sealed record PagePosition(IReadOnlyList<string> Values, string? PointInTime = null);
