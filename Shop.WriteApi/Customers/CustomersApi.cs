using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

internal static class CustomersApi
{
    public static IHostApplicationBuilder AddCustomers(this IHostApplicationBuilder builder)
    {
        builder.AddJson(CustomersJson.Wire);
        builder.Services.AddSingleton<CustomerChangeSignal>();
        return builder;
    }

    public static IEndpointRouteBuilder MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers");
        customers.MapPost("", RegisterCustomer.HandleAsync)
            .DescribeCommand<OrderCustomer>("Register a customer", 201, CustomerRequest.Example, 409, 422)
            .AllowRoles(Roles.Support);
        customers.MapGet("/{id:guid}", GetCustomer.HandleAsync)
            .DescribeQuery<OrderCustomer>("The customer", "application/json", 404, 412)
            .DescribeConditions()
            .AllowRoles(Roles.Customer, Roles.Support);
        customers.MapPut("/{id:guid}", ChangeCustomer.HandleAsync).DescribeCommand<OrderCustomer>(
            "Change a customer and, with an event each, their orders", 200, CustomerRequest.Example, 404, 409, 412)
            .AllowRoles(Roles.Customer, Roles.Support);
        customers.MapPost("/{id:guid}/erase", EraseCustomer.HandleAsync).DescribeCommand<CustomerErasure>(
            "Replace a customer's personal data, in their orders too", 202, example: null, 404, 409)
            .AllowRoles(Roles.Operator);
        customers.MapGet("/{id:guid}/erasure", CustomerErasure.HandleAsync).DescribeQuery<CustomerErasure>(
            "Where the write database still has personal data of an erased customer", "application/json", 404)
            .AllowRoles(Roles.Operator);
        return app;
    }
}

internal sealed record CustomerRequest
{
    public const string Example = """{ "name": "Ada Lovelace", "email": "ada@example.com", "country": "GB" }""";

    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Email]
    public string? Email { get; init; }

    [Required, CountryCode]
    public string? Country { get; init; }
}

internal static class CustomerCodes
{
    public const string NotFound = "customer.not-found";

    public const string NotErased = "customer.not-erased";

    public static RefusedException IsNotErased(Guid id) => RefusedException.NotFound(
        NotErased, $"The customer {id} was not erased. POST /customers/{id}/erase erases them.");

    public static RefusedException IsNotFound(Guid id) =>
        RefusedException.NotFound(NotFound, $"There is no customer {id}.");

    /// <summary>To a customer, there are no other customers.</summary>
    public static void RequireOwn(Guid id, Caller caller)
    {
        if (caller.OnlyCustomer is { } own && own != id)
            throw IsNotFound(id);
    }
}

[JsonSerializable(typeof(CustomerRequest))]
[JsonSerializable(typeof(OrderCustomer))]
[JsonSerializable(typeof(CustomerErasure))]
internal sealed partial class CustomersJson : JsonSerializerContext
{
    public static CustomersJson Wire { get; } = new(HttpJson.CreateOptions());
}
