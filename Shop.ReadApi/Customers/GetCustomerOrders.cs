using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;

namespace Shop.ReadApi.Customers;

internal sealed record GetCustomerOrdersRequest
{
    [FromRoute(Name = "id")]
    [Description("The customer's id.")]
    public required Guid Id { get; init; }

    [FromQuery(Name = "size")]
    [Description("Orders on a page, 1 to 100; the default is 20.")]
    public string? Size { get; init; }

    [FromQuery(Name = "cursor")]
    [Description("The nextCursor of the previous page. It does not expire.")]
    public string? Cursor { get; init; }
}

internal static class GetCustomerOrders
{
    public static async Task<Results<SearchResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] GetCustomerOrdersRequest request,
        [AsParameters] SearchServices services,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = reader.ReadSearch(new() { Size = request.Size }, services.Scope) with
        {
            Filters = OrderFilters.None with { CustomerIds = [request.Id] },
            Sort = OrderSort.Newest,
        };
        reader.IsRepeated("cursor");
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        if (request.Cursor is { Length: > 0 } cursor)
            query = query with { After = services.Cursors.Decode(cursor, query) };
        return await SearchOrders.SearchAsync(query, isHighlighted: false, services, cancellationToken);
    }
}
