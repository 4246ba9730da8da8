using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Searching;
using static Shop.ReadApi.Orders.QueryValues;

namespace Shop.ReadApi.Orders;

/// <summary>Reads the words and filters that every route over many orders takes.</summary>
internal static class FilterReading
{
    private static readonly Dictionary<string, string> Statuses = OrderStatuses.All.ToDictionary(status => status);
    private static readonly string StatusIsExpected = $"One of {string.Join(", ", OrderStatuses.All)}.";
    private static readonly string TooMuch =
        $"At most {SearchTextParser.MaxLength} characters and {SearchTextParser.MaxTerms} words and phrases.";

    public static SearchText ReadText(this QueryReader reader, string? typed)
    {
        var text = SearchTextParser.Parse(typed, out var isCut);
        if (isCut)
            reader.Refuse("q", TooMuch);
        else if (!IsStorable(typed ?? ""))
            reader.Refuse("q", "U+0000 and halves of surrogate pairs are no text.");

        return text;
    }

    public static OrderFilters ReadFilters(this QueryReader reader, FilterRequest request)
    {
        var filters = new OrderFilters(
            reader.Many<string>("status", request.Statuses, Statuses.TryGetValue, StatusIsExpected),
            reader.Many<Guid>("customerId", request.CustomerIds, TryId, IdIsExpected),
            reader.Many<string>("sku", request.Skus, TryText, TextIsExpected),
            reader.Many<string>("category", request.Categories, TryText, TextIsExpected),
            reader.Many<string>("country", request.Countries, TryText, TextIsExpected),
            reader.Many<string>("currency", request.Currencies, TryText, TextIsExpected),
            reader.One<DateTimeOffset?>("placedFrom", request.PlacedFrom, TryStart, DayOrTimeIsExpected),
            reader.One<DateTimeOffset?>("placedTo", request.PlacedTo, TryEnd, DayOrTimeIsExpected),
            reader.One<long?>("totalFrom", request.TotalFrom, TryAmount, AmountIsExpected),
            reader.One<long?>("totalTo", request.TotalTo, TryAmount, AmountIsExpected));

        if (filters.PlacedFrom >= filters.PlacedBefore)
            reader.Refuse("placedTo", "It is before placedFrom.");
        if (filters.TotalFrom > filters.TotalTo)
            reader.Refuse("totalTo", "It is less than totalFrom.");

        return filters;
    }
}
