using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ReadApi.Orders;

internal sealed record SearchRequest : FilterRequest
{
    [FromQuery(Name = "sort")]
    [Description("relevance (default), newest, oldest or total (greatest first).")]
    public string? Sort { get; init; }

    [FromQuery(Name = "size")]
    [Description("Orders on a page, 1 to 100; 20 when it is left out.")]
    public string? Size { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the page before, with the same words, filters and sort.")]
    public string? Cursor { get; init; }

    [FromQuery(Name = "facets")]
    [Description("What to count: status, category, country, currency, customer, sku, day; separated by commas.")]
    public string[]? Facets { get; init; }

    [FromQuery(Name = "highlight")]
    [Description("true to see where each order matches.")]
    public string? Highlight { get; init; }

    [FromQuery(Name = "waitFor")]
    [Description("An order and the version that must be found at least: {id}:{version}; may be repeated.")]
    public string[]? WaitFor { get; init; }

    [FromQuery(Name = "waitTimeoutMs")]
    [Description("How long to wait for that, 0 to 10000; 2000 when it is left out.")]
    public string? WaitTimeoutMs { get; init; }
}
