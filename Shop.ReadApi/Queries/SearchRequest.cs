using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ReadApi.Queries;

internal sealed record SearchRequest : FilterRequest
{
    [FromQuery(Name = "sort")]
    [Description("relevance (default), newest, oldest or total (greatest first).")]
    public string? Sort { get; init; }

    [FromQuery(Name = "size")]
    [Description("Orders on a page, 1 to 100; the default is 20.")]
    public string? Size { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page, with the same text, filters and sort. It does not expire.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "facets")]
    [Description("What to count: status, category, country, currency, customer, sku, day, total; separated by commas or repeated.")]
    public string[]? Facets { get; init; }

    [FromQuery(Name = "highlight")]
    [Description("true adds the matching fragments of each order.")]
    public string? Highlight { get; init; }

    [FromQuery(Name = "waitFor")]
    [Description("{id}:{version}: wait until a search finds this version of the order or a newer one; may be repeated.")]
    public string[]? WaitFor { get; init; }

    [FromQuery(Name = "waitTimeoutMs")]
    [Description("How long to wait in milliseconds, 0 to 10000; the default is 2000.")]
    public string? WaitTimeoutMs { get; init; }
}
