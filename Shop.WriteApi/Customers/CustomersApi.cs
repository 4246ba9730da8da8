using Shop.Contracts;
using Shop.WriteApi.Http.Documents;

namespace Shop.WriteApi.Customers;

internal static class CustomersApi
{
    public static IHostApplicationBuilder AddCustomers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CustomerChanges>();
        builder.Services.AddHostedService<CustomerChangesWorker>();
        return builder;
    }

    public static IEndpointRouteBuilder MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers");
        customers.MapPost("", RegisterCustomer.HandleAsync)
            .DescribeCommand<OrderCustomer>("Register a customer", 201, Examples.Customer, 409, 422);
        customers.MapGet("/{id:guid}", GetCustomer.HandleAsync)
            .DescribeQuery<OrderCustomer>("The customer", "application/json", 404);
        customers.MapPut("/{id:guid}", ChangeCustomer.HandleAsync).DescribeCommand<OrderCustomer>(
            "Change a customer; each of their orders follows with an event", 200, Examples.Customer, 404, 409, 412);
        return app;
    }
}
