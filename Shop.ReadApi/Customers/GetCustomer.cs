using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Customers;

internal sealed record GetCustomerRequest
{
    [FromRoute(Name = "id")]
    [Description("The customer's id.")]
    public required string Id { get; init; }
}

/// <param name="Spent">What was paid and not refunded.</param>
internal sealed record CustomerResponse(
    Guid Id, string Name, string Email, string Country, long Orders, IReadOnlyList<Revenue> Spent,
    DateTimeOffset FirstOrderAt, DateTimeOffset LastOrderAt);

internal static class GetCustomer
{
    public static async Task<Results<Ok<CustomerResponse>, ProblemHttpResult>> HandleAsync(
        [AsParameters] GetCustomerRequest request,
        CallerScope scope,
        CustomerReader customers,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var id = reader.One<Guid>("id", request.Id, QueryValues.TryId, QueryValues.IdIsExpected);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);
        if (await customers.ReadAsync(id, scope, cancellationToken) is not { } found)
            return ReadProblems.NoCustomer(id);

        var customer = found.Customer;
        return TypedResults.Ok(new CustomerResponse(
            customer.Id, customer.Name, customer.Email, customer.Country, found.Orders, found.Spent,
            found.FirstOrderAt, found.LastOrderAt));
    }
}
