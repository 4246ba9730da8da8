using System.ComponentModel;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Searching;
using Shop.ServiceDefaults.Http;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Shop.ReadApi.Customers;

internal sealed record GetCustomerRequest
{
    [FromRoute(Name = "id")]
    [Description("The customer's id.")]
    public required Guid Id { get; init; }
}

/// <param name="Spent">What was paid and not refunded.</param>
internal sealed record CustomerResponse(
    Guid Id, string Name, string Email, string Country, long Orders, IReadOnlyList<Revenue> Spent,
    DateTimeOffset FirstOrderAt, DateTimeOffset LastOrderAt);

internal static class GetCustomer
{
    public static async Task<Results<Utf8ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] GetCustomerRequest request,
        CallerScope scope,
        CustomerReader customers,
        IOptions<JsonOptions> json,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var conditions = reader.ReadConditions(http.Request.Headers);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);
        if (await customers.ReadAsync(request.Id, scope, cancellationToken) is not { } found)
            return ReadProblems.NoCustomer(request.Id);

        var customer = found.Customer;
        var response = JsonSerializer.SerializeToUtf8Bytes(
            new CustomerResponse(
                customer.Id, customer.Name, customer.Email, customer.Country, found.Orders, found.Spent,
                found.FirstOrderAt, found.LastOrderAt),
            json.Value.SerializerOptions);
        return Conditions.Respond(conditions, ConditionalRequest.ETagOf(response), response, http.Response);
    }
}
