using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Searching;
using static Shop.ReadApi.Queries.QueryValues;

namespace Shop.ReadApi.Queries;

/// <summary>Reads the search text and the filters.</summary>
internal static class FilterReading
{
    private static readonly Dictionary<string, string> Statuses = OrderStatuses.All.ToDictionary(status => status);
    private static readonly string StatusIsExpected = $"one of {string.Join(", ", OrderStatuses.All)}";
    private static readonly string TooLong =
        $"'q' must have at most {SearchTextParser.MaxLength} characters, {SearchTextParser.MaxTerms} words and phrases, and "
        + $"{SearchTextParser.MaxWords} words in all of them, where usb-c are two.";

    /// <summary>The text and the filters of a request that returns no pages.</summary>
    public static OrderQuery ReadFilter(this QueryReader reader, FilterRequest request, CallerScope scope) => new()
    {
        Scope = scope,
        Text = reader.ReadText(request.Text),
        Filters = reader.ReadFilters(request),
    };

    public static SearchText ReadText(this QueryReader reader, string? typed)
    {
        reader.IsRepeated("q");
        var text = SearchTextParser.Parse(typed, out var isCut);
        if (isCut)
            reader.Refuse("q", TooLong);
        else if (!IsStorable(typed ?? ""))
            reader.Refuse("q", "'q' must be valid Unicode without U+0000.");

        return text;
    }

    public static OrderFilters ReadFilters(this QueryReader reader, FilterRequest request)
    {
        var filters = new OrderFilters(
            reader.Many<string>("status", request.Statuses, Statuses.TryGetValue, StatusIsExpected),
            reader.Many<Guid>("customerId", request.CustomerIds, TryId, IdIsExpected),
            reader.Many<string>("sku", request.Skus, TryText, TextIsExpected),
            reader.Many<string>("category", request.Categories, TryText, TextIsExpected),
            reader.Many<string>("country", request.Countries, TryCountry, CountryIsExpected),
            reader.Many<string>("currency", request.Currencies, TryCurrency, CurrencyIsExpected),
            reader.One<DateTimeOffset?>("placedFrom", request.PlacedFrom, TryStart, DayOrTimeIsExpected),
            reader.One<DateTimeOffset?>("placedTo", request.PlacedTo, TryEnd, DayOrTimeIsExpected),
            reader.One<long?>("totalFrom", request.TotalFrom, TryAmount, AmountIsExpected),
            reader.One<long?>("totalTo", request.TotalTo, TryAmount, AmountIsExpected));

        if (filters.PlacedFrom >= filters.PlacedBefore)
            reader.Refuse("placedTo", "'placedTo' must not be before 'placedFrom'.");
        if (filters.TotalFrom > filters.TotalTo)
            reader.Refuse("totalTo", "'totalTo' must not be less than 'totalFrom'.");

        return filters;
    }
}
