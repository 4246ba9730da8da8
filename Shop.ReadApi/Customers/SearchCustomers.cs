using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Names;

namespace Shop.ReadApi.Customers;

internal sealed record SearchCustomersRequest
{
    [FromQuery(Name = "q")]
    [Description("Words of a name or an e-mail address; the last one matches as a prefix.")]
    public string? Text { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of customers, 1 to 20; the default is 10.")]
    public string? Limit { get; init; }
}

internal sealed record SearchCustomersResponse(IReadOnlyList<CustomerItem> Customers);

internal sealed record CustomerItem(
    Guid Id, string Name, string Email, string Country, long Orders, DateTimeOffset LastOrderAt);

internal static class SearchCustomers
{
    public static async Task<Results<Ok<SearchCustomersResponse>, ProblemHttpResult>> HandleAsync(
        [AsParameters] SearchCustomersRequest request,
        CallerScope scope,
        CustomerFinder customers,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var text = reader.ReadText(request.Text);
        var limit = reader.ReadLimit(request.Limit);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        var found = await customers.FindAsync(text, scope, limit, cancellationToken);
        return TypedResults.Ok(new SearchCustomersResponse([.. found.Select(item => new CustomerItem(
            item.Customer.Id, item.Customer.Name, item.Customer.Email, item.Customer.Country, item.Orders,
            item.LastOrderAt))]));
    }
}
