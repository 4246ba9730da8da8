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
        customers.MapPost("", RegisterCustomer.HandleAsync);
        customers.MapGet("/{id:guid}", GetCustomer.HandleAsync);
        customers.MapPut("/{id:guid}", ChangeCustomer.HandleAsync);
        return app;
    }
}
