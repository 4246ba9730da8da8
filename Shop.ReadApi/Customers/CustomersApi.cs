using System.Net.Mime;
using Shop.ReadApi.Documents;
using Shop.ReadApi.Orders;
using Shop.ReadModel.Names;
using Shop.ReadModel.Searching;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Security;

namespace Shop.ReadApi.Customers;

internal static class CustomersApi
{
    public static void AddCustomers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CustomerReader>();
        builder.Services.AddSingleton<CustomerFinder>();
    }

    public static void MapCustomers(this IEndpointRouteBuilder app)
    {
        var customers = app.MapGroup("/customers").WithTags("Customers").AllowRoles(Roles.Customer, Roles.Support);
        customers.MapGet("/search", SearchCustomers.HandleAsync)
            .DescribeRead(Examples.Customers)
            .WithName("SearchCustomers")
            .WithSummary("Find customers by name or e-mail address")
            .WithDescription(
                "All words must match, the last one as a prefix. Customers with many and recent orders come first. Only "
                + "customers with orders are found; the number of orders may be a minute old. If nobody has the words, "
                + "one typing mistake in each word of a name is forgiven, but none in an e-mail address; 'corrected' has "
                + "the text that was searched for.");
        customers.MapGet("/{id:guid}", GetCustomer.HandleAsync)
            .DescribeRead(Examples.Customer)
            .WithName("GetCustomer")
            .WithSummary("Get a customer with the number of orders and the money spent")
            .WithDescription(
                "'spent' is what was paid and not refunded, by currency, in minor units. The ETag changes with the response.")
            .Produces<CustomerResponse>()
            .DescribeConditions()
            .DescribeText(MediaTypeNames.Text.Html)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status412PreconditionFailed);
        customers.MapGet("/{id:guid}/orders", GetCustomerOrders.HandleAsync)
            .DescribeRead(Examples.Search)
            .Produces<SearchResponse>()
            .ProducesProblems(StatusCodes.Status404NotFound)
            .WithName("GetCustomerOrders")
            .WithSummary("List the orders of a customer, newest first");
    }
}
