using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using static Shop.ReadApi.Queries.QueryValues;

namespace Shop.ReadApi.Queries;

/// <summary>Reads the parameters of a search and those of waiting for a version.</summary>
internal static class SearchReading
{
    private const int DefaultSize = 20;
    private const int MaxSize = 100;
    private static readonly string SizeIsExpected = $"between 1 and {MaxSize}";
    private const int DefaultLimit = 10;
    private const int MaxLimit = 20;
    private static readonly string LimitIsExpected = $"between 1 and {MaxLimit}";
    private const int DefaultTimeoutMs = 2_000;
    private const int MaxTimeoutMs = 10_000;

    private static readonly Dictionary<string, OrderSort> Sorts = Names<OrderSort>();
    private static readonly Dictionary<string, OrderFacet> Facets = Names<OrderFacet>();

    // Python writes True, and many clients 1.
    private static readonly Dictionary<string, bool> Switches = new(StringComparer.OrdinalIgnoreCase)
    {
        ["true"] = true,
        ["false"] = false,
        ["1"] = true,
        ["0"] = false,
    };

    public static IEnumerable<string> SortNames => Sorts.Keys;

    public static IEnumerable<string> FacetNames => Facets.Keys;

    public static string NameOf(OrderFacet facet) => Name(facet);

    public static OrderQuery ReadSearch(this QueryReader reader, SearchRequest request, CallerScope scope)
    {
        return new()
        {
            Scope = scope,
            Text = reader.ReadText(request.Text),
            Filters = reader.ReadFilters(request),
            Sort = reader.One<OrderSort>("sort", request.Sort, Sorts.TryGetValue, OneOf(Sorts)),
            Size = (int)(reader.One<long?>("size", request.Size, Between(1, MaxSize), SizeIsExpected) ?? DefaultSize),
            Facets = [.. reader.Many<OrderFacet>("facets", request.Facets, Facets.TryGetValue, OneOf(Facets)).Distinct()],
        };
    }

    /// <summary>Reads the maximum number of suggestions or customers.</summary>
    public static int ReadLimit(this QueryReader reader, string? limit) =>
        (int)(reader.One<long?>("limit", limit, Between(1, MaxLimit), LimitIsExpected) ?? DefaultLimit);

    public static bool ReadHighlight(this QueryReader reader, string? highlight) =>
        reader.One<bool>("highlight", highlight, Switches.TryGetValue, OneOf(Switches));

    public static IReadOnlyList<AwaitedVersion> ReadWaitFor(this QueryReader reader, string[]? waitFor) =>
        reader.Many<AwaitedVersion>("waitFor", waitFor, TryVersion, VersionIsExpected);

    public static TimeSpan ReadWaitTimeout(this QueryReader reader, string? waitTimeoutMs) =>
        TimeSpan.FromMilliseconds(reader.One(
            "waitTimeoutMs", waitTimeoutMs, Between(0, MaxTimeoutMs), $"between 0 and {MaxTimeoutMs}")
            ?? DefaultTimeoutMs);

    private static Dictionary<string, T> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(Name);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string OneOf<T>(Dictionary<string, T> names) => $"one of {string.Join(", ", names.Keys)}";
}
