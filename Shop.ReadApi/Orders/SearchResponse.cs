using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.ReadApi.Orders;

/// <summary>The shape of a search response, as <see cref="SearchResult"/> writes it and OpenAPI describes it.</summary>
/// <param name="NextCursor">The cursor of the next page; null on the last one.</param>
/// <param name="Corrected">
/// The text that was searched for instead, because nothing has the given words; absent if they were found.
/// </param>
/// <param name="EstimatedFacets">
/// The facets whose counts are estimates, because too many orders were found to count them; absent if all are exact.
/// </param>
/// <param name="TookMs">Milliseconds that the search took, without waiting for versions.</param>
internal sealed record SearchResponse(
    IReadOnlyList<OrderItem> Items,
    TotalResponse Total,
    IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets,
    string? NextCursor,
    double TookMs,
    FreshnessResponse Freshness,
    string? Corrected = null,
    IReadOnlyList<string>? EstimatedFacets = null);

/// <summary>An order in a search response: its document and, if they were asked for, highlights.</summary>
internal sealed record OrderItem : OrderDocument
{
    /// <summary>The fields that match, as HTML fragments with the matches in <c>mark</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Highlights { get; init; }
}

/// <param name="Relation"><c>eq</c>, or <c>gte</c> if counting stopped at the value.</param>
internal sealed record TotalResponse(long Value, string Relation)
{
    public static TotalResponse Of(TotalHits total) => new(total.Value, total.IsLowerBound ? "gte" : "eq");
}

/// <summary>How far the read side is behind the write side; null if that is not known.</summary>
/// <param name="LagMs">Milliseconds since <paramref name="AsOf"/>.</param>
/// <param name="AsOf">Every change that was committed before this moment is found.</param>
internal sealed record FreshnessResponse(long? LagMs, DateTimeOffset? AsOf)
{
    public static FreshnessResponse Of(DateTimeOffset? asOf, DateTimeOffset now) =>
        new(asOf is { } known ? Math.Max(0, (long)(now - known).TotalMilliseconds) : null, asOf);
}

/// <summary>Writes a <see cref="SearchResponse"/> with the stored JSON of each order as it is.</summary>
/// <param name="rest">The response; its items are not used.</param>
/// <param name="highlights">Highlights by order, in the same sequence; null if they were not asked for.</param>
internal sealed class SearchResult(
    IReadOnlyList<StoredOrder> orders,
    SearchResponse rest,
    IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>>? highlights) : IResult
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = $"{MediaTypeNames.Application.Json}; charset=utf-8";
        await using (var writer = new Utf8JsonWriter(response.BodyWriter, WriterOptions))
        {
            writer.WriteStartObject();
            WriteItems(writer);
            Write(writer, "total", rest.Total);
            Write(writer, "facets", rest.Facets);
            writer.WriteString("nextCursor", rest.NextCursor);
            writer.WriteNumber("tookMs", rest.TookMs);
            Write(writer, "freshness", rest.Freshness);
            if (rest.Corrected is { } corrected)
                writer.WriteString("corrected", corrected);
            if (rest.EstimatedFacets is { Count: > 0 } estimated)
                Write(writer, "estimatedFacets", estimated);
            writer.WriteEndObject();
        }

        await response.BodyWriter.FlushAsync(httpContext.RequestAborted);
    }

    private void WriteItems(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("items");
        for (var i = 0; i < orders.Count; i++)
        {
            if (highlights is null)
                writer.WriteRawValue(orders[i].Json.Span, skipInputValidation: true);
            else
                WriteHighlighted(writer, orders[i], highlights[i]);
        }

        writer.WriteEndArray();
    }

    private static void WriteHighlighted(
        Utf8JsonWriter writer, StoredOrder order, IReadOnlyDictionary<string, IReadOnlyList<string>> highlights)
    {
        writer.WriteStartObject();
        using (var document = JsonDocument.Parse(order.Json))
        {
            foreach (var member in document.RootElement.EnumerateObject())
                member.WriteTo(writer);
        }

        Write(writer, "highlights", highlights);
        writer.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter writer, string name, T value)
    {
        writer.WritePropertyName(name);
        JsonSerializer.Serialize(writer, value, JsonSerializerOptions.Web);
    }
}
