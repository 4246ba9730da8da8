using Shop.Contracts;
using Shop.WriteApi.Http.Documents;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class OrdersApi
{
    public static IHostApplicationBuilder AddOrders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<OrderStore>();
        builder.Services.AddSingleton<OrderLookup>();
        builder.Services.AddSingleton<OrderCommands>();
        return builder;
    }

    public static IEndpointRouteBuilder MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders");
        orders.MapPost("", PlaceOrder.HandleAsync).DescribeCommand<OrderReceipt>(
            "Place an order at the catalogue's prices of this moment", 201, Examples.Order, 404, 409, 422);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync).DescribeQuery<OrderDocument>(
            "The order as the write database has it", "application/json", 404);
        orders.MapPost("/{id:guid}/pay", PayOrder.HandleAsync)
            .DescribeTransition("Pay the order's total", Examples.Payment);
        orders.MapPost("/{id:guid}/ship", ShipOrder.HandleAsync)
            .DescribeTransition("Ship a paid order", Examples.Shipment);
        orders.MapPost("/{id:guid}/deliver", DeliverOrder.HandleAsync)
            .DescribeTransition("Deliver a shipped order", example: null);
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync)
            .DescribeTransition("Cancel an order that is not shipped yet", Examples.Reason);
        orders.MapPost("/{id:guid}/refund", RefundOrder.HandleAsync)
            .DescribeTransition("Give back a part of what was paid or, without an amount, the rest", Examples.Refund);
        orders.MapPut("/{id:guid}/lines", ChangeLines.HandleAsync)
            .DescribeCommand<OrderReceipt>(
                "Replace the lines of an order that is not paid yet", 200, Examples.Lines, 404, 409, 412);
        orders.MapPut("/{id:guid}/shipping-address", ChangeShippingAddress.HandleAsync)
            .DescribeCommand<OrderReceipt>(
                "Replace the shipping address of an order that is not paid yet", 200, Examples.Address, 404, 409, 412);
        return app;
    }

    private static void DescribeTransition(this RouteHandlerBuilder endpoint, string summary, string? example) =>
        endpoint.DescribeCommand<OrderReceipt>(summary, 200, example, 404, 409, 412, 422);
}
