using System.Globalization;
using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>The sort of a search and the positions in it. The id breaks ties.</summary>
/// <remarks>
/// A score is a sum of boosts (<c>"similarity": "boolean"</c>). It depends on the document alone, so that a position is
/// valid on every shard copy, after every refresh and in every index generation, without a point in time.
/// </remarks>
internal sealed record ResultOrder
{
    private static readonly ResultOrder ByRelevance = new()
    {
        Fields =
        [
            new() { Score = new() { Order = SortOrder.Desc } },
            StoredFields.PlacedAt.Descending(),
            StoredFields.Id.Descending(),
        ],
        Readers = [ReadDouble, ReadLong, ReadId],
    };

    private static readonly ResultOrder Newest = new()
    {
        Fields = [StoredFields.PlacedAt.Descending(), StoredFields.Id.Descending()],
        Readers = [ReadLong, ReadId],
    };

    private static readonly ResultOrder Oldest = new()
    {
        Fields = [StoredFields.PlacedAt.Ascending(), StoredFields.Id.Ascending()],
        Readers = [ReadLong, ReadId],
    };

    private static readonly ResultOrder ByTotal = new()
    {
        Fields = [StoredFields.Total.Descending(), StoredFields.Id.Descending()],
        Readers = [ReadLong, ReadId],
    };

    public required IReadOnlyList<SortOptions> Fields { get; init; }
    private IReadOnlyList<Func<string, FieldValue>> Readers { get; init; } = [];

    public static ResultOrder Of(OrderQuery query) => query.Sort switch
    {
        OrderSort.Relevance when query.Text.HasRequired => ByRelevance,
        OrderSort.Relevance or OrderSort.Newest => Newest,
        OrderSort.Oldest => Oldest,
        OrderSort.Total => ByTotal,
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Sort, "Unknown sort."),
    };

    /// <exception cref="InvalidCursorException">The position does not belong to this sort.</exception>
    public ICollection<FieldValue> Read(PagePosition position) => position.Values.Count == Readers.Count
        ? [.. Readers.Zip(position.Values, (read, text) => read(text))]
        : throw InvalidPosition();

    private static FieldValue ReadId(string text) =>
        Guid.TryParseExact(text, "D", out _) ? FieldValue.String(text) : throw InvalidPosition();

    private static FieldValue ReadLong(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? FieldValue.Long(value)
            : throw InvalidPosition();

    private static FieldValue ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? FieldValue.Double(value)
            : throw InvalidPosition();

    public static InvalidCursorException InvalidPosition() => new("The cursor is not a position in this sort.");
}
