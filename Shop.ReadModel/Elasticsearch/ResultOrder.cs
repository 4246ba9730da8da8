using System.Globalization;
using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>In which order results come, and a place in it as text. The id breaks ties.</summary>
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
        _ => throw new ArgumentOutOfRangeException(nameof(query), query.Sort, "No such order."),
    };

    /// <remarks>In a point in time the server adds a value of its own, which is left out.</remarks>
    public PagePosition Write(IEnumerable<FieldValue> values, string pointInTime) => new(
        [.. values.Take(Readers.Count).Select(value => Convert.ToString(value.Value, CultureInfo.InvariantCulture)!)],
        pointInTime);

    /// <exception cref="InvalidCursorException">It is no place in this order.</exception>
    public ICollection<FieldValue> Read(PagePosition position) => position.Values.Count == Readers.Count
        ? [.. Readers.Zip(position.Values, (read, text) => read(text))]
        : throw Invalid();

    private static FieldValue ReadId(string text) =>
        Guid.TryParseExact(text, "D", out _) ? FieldValue.String(text) : throw Invalid();

    private static FieldValue ReadLong(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? FieldValue.Long(value)
            : throw Invalid();

    private static FieldValue ReadDouble(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? FieldValue.Double(value)
            : throw Invalid();

    private static InvalidCursorException Invalid() => new("The position is none that this store gave.");
}
