using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Names;

namespace Shop.ReadApi.Customers;

/// <param name="Corrected">
/// The text that was searched for instead, because nothing has the given words; absent if they were found.
/// </param>
internal sealed record SearchCustomersResponse(
    IReadOnlyList<CustomerItem> Customers,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Corrected = null);

internal sealed record CustomerItem(
    Guid Id, string Name, string Email, string Country, long Orders, DateTimeOffset LastOrderAt);

internal static class SearchCustomers
{
    public static async Task<Results<Ok<SearchCustomersResponse>, ProblemHttpResult>> HandleAsync(
        [AsParameters] TypedTextRequest request,
        CallerScope scope,
        CustomerFinder customers,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var (text, limit) = request.Read(reader);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        var found = await customers.FindAsync(text, scope, limit, cancellationToken);
        return TypedResults.Ok(new SearchCustomersResponse(
            [.. found.Customers.Select(item => new CustomerItem(
                item.Customer.Id, item.Customer.Name, item.Customer.Email, item.Customer.Country, item.Orders,
                item.LastOrderAt))],
            found.Corrected));
    }
}
