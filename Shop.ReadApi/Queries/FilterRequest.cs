using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ReadApi.Queries;

/// <summary>
/// The search text and filters as received. Everything binds as text, so that each invalid value is reported by name.
/// </summary>
internal record FilterRequest
{
    [FromQuery(Name = "q")]
    [Description("Words (all must match, the last one as a prefix), \"phrases\" and -exclusions.")]
    public string? Text { get; init; }

    [FromQuery(Name = "status")]
    [Description("placed, paid, shipped, delivered, cancelled or refunded; may be repeated.")]
    public string[]? Statuses { get; init; }

    [FromQuery(Name = "customerId")]
    [Description("A customer's id; may be repeated.")]
    public string[]? CustomerIds { get; init; }

    [FromQuery(Name = "sku")]
    [Description("A product's SKU, exactly; may be repeated.")]
    public string[]? Skus { get; init; }

    [FromQuery(Name = "category")]
    [Description("A product's category, exactly; may be repeated.")]
    public string[]? Categories { get; init; }

    [FromQuery(Name = "country")]
    [Description("The shipping address's country, exactly; may be repeated.")]
    public string[]? Countries { get; init; }

    [FromQuery(Name = "currency")]
    [Description("The total's currency, exactly; may be repeated.")]
    public string[]? Currencies { get; init; }

    [FromQuery(Name = "placedFrom")]
    [Description("A date (that whole day in UTC) or an RFC 3339 time, included.")]
    public string? PlacedFrom { get; init; }

    [FromQuery(Name = "placedTo")]
    [Description("A date (that whole day in UTC) or an RFC 3339 time, included.")]
    public string? PlacedTo { get; init; }

    [FromQuery(Name = "totalFrom")]
    [Description("The least total in minor units, included.")]
    public string? TotalFrom { get; init; }

    [FromQuery(Name = "totalTo")]
    [Description("The greatest total in minor units, included.")]
    public string? TotalTo { get; init; }
}
