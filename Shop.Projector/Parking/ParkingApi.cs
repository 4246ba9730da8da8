using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Projector.Parking;

internal static class ParkingApi
{
    public static void MapParking(this IEndpointRouteBuilder routes)
    {
        var parked = routes.MapGroup("/parked");
        parked.MapGet("/", (ParkedOrders orders) => orders.List()).WithName("ListParked");
        parked.MapPost("/{orderId}/retry", RetryAsync).WithName("RetryParked");
        parked.MapPost("/retry-all", RetryAllAsync).WithName("RetryAllParked");
    }

    private static async Task<Results<Ok<RetryResult>, ProblemHttpResult>> RetryAsync(
        string orderId, ParkingRetry retry, CancellationToken cancellationToken) =>
        await retry.RetryAsync(orderId, cancellationToken) is { } result
            ? TypedResults.Ok(result)
            : TypedResults.Problem(
                $"Order '{orderId}' is not parked.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?> { ["code"] = "parking.not-parked" });

    private static async Task<Ok<List<RetryResult>>> RetryAllAsync(
        ParkingRetry retry, CancellationToken cancellationToken) =>
        TypedResults.Ok(await retry.RetryAllAsync(cancellationToken));
}
