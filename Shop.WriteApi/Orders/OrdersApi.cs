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
        orders.MapPost("", PlaceOrder.HandleAsync);
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync);
        orders.MapPost("/{id:guid}/pay", PayOrder.HandleAsync);
        orders.MapPost("/{id:guid}/ship", ShipOrder.HandleAsync);
        orders.MapPost("/{id:guid}/deliver", DeliverOrder.HandleAsync);
        orders.MapPost("/{id:guid}/cancel", CancelOrder.HandleAsync);
        orders.MapPost("/{id:guid}/refund", RefundOrder.HandleAsync);
        orders.MapPut("/{id:guid}/lines", ChangeLines.HandleAsync);
        orders.MapPut("/{id:guid}/shipping-address", ChangeShippingAddress.HandleAsync);
        return app;
    }
}
