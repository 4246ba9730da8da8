using Shop.Contracts;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Orders.CustomerChanges;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class OrdersApi
{
    public static IHostApplicationBuilder AddOrders(this IHostApplicationBuilder builder)
    {
        builder.AddJson(OrdersJson.Wire);
        builder.Services.AddSingleton<OrderStore>();
        builder.Services.AddSingleton<CatalogueLookup>();
        builder.Services.AddHostedService<CustomerChangesWorker>();
        return builder;
    }

    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").AddEndpointFilter<RouteGroupBuilder, RefusalFilter>();
        orders.MapPost("", PlaceOrder.HandleAsync).DescribeCommand<OrderReceipt>(
            "Place an order at the catalogue's current prices", 201, PlaceOrderRequest.Example, 404, 409, 422)
            .AllowRoles(Roles.Customer);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync).DescribeQuery<OrderDocument>(
            "The order as stored in the write database", "application/json", 404, 412)
            .DescribeConditions()
            .AllowRoles(Roles.Customer, Roles.Support);
        orders.MapPost("/{id:guid}/pay", PayOrder.HandleAsync)
            .DescribeTransition("Pay the order's total", PayOrderRequest.Example)
            .AllowRoles(Roles.Customer);
        orders.MapPost("/{id:guid}/ship", ShipOrder.HandleAsync)
            .DescribeTransition("Ship a paid order", ShipOrderRequest.Example)
            .AllowRoles(Roles.Support);
        orders.MapPost("/{id:guid}/deliver", DeliverOrder.HandleAsync)
            .DescribeTransition("Mark a shipped order as delivered", example: null)
            .AllowRoles(Roles.Support);
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync)
            .DescribeTransition("Cancel an order that is not shipped yet", ReasonRequest.Example)
            .AllowRoles(Roles.Customer);
        orders.MapPost("/{id:guid}/refund", RefundOrder.HandleAsync)
            .DescribeTransition("Refund an amount or, without one, the rest", RefundOrderRequest.Example)
            .AllowRoles(Roles.Support);
        orders.MapPut("/{id:guid}/lines", ChangeLines.HandleAsync).DescribeCommand<OrderReceipt>(
            "Replace the lines of an unpaid order", 200, OrderLineRequest.Example, 404, 409, 412)
            .AllowRoles(Roles.Customer);
        orders.MapPut("/{id:guid}/shipping-address", ChangeShippingAddress.HandleAsync).DescribeCommand<OrderReceipt>(
            "Replace the shipping address of an unpaid order", 200, AddressRequest.Example, 404, 409, 412)
            .AllowRoles(Roles.Customer);
        return app;
    }

    private static RouteHandlerBuilder DescribeTransition(
        this RouteHandlerBuilder endpoint, string summary, string? example) =>
        endpoint.DescribeCommand<OrderReceipt>(summary, 200, example, 404, 409, 412, 422);
}
