using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Projector.DeadLetters;
using Shop.Projector.Projections;
using Shop.Projector.Reconciling;
using Shop.ReadModel;

namespace Shop.Projector.Admin;

/// <summary>Shows where the read side still has personal data of an erased customer.</summary>
internal static class ErasuresApi
{
    public static void MapErasures(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/erasures/{customerId:guid}", (
                Guid customerId, WriteApiClient writeApi, IIndexGenerations generations, DeadLetterList letters,
                IEnumerable<ProjectionState> projections, CancellationToken token) =>
                GetAsync(customerId, writeApi, generations, letters, projections, token))
            .WithName("GetErasure")
            .WithSummary("Where the read side still has personal data of an erased customer");
        routes.MapPost("/erasures/{customerId:guid}", RepeatAsync)
            .WithName("RepeatErasure")
            .WithSummary("Projects an erased customer's orders again, and removes them from the previous generation");
    }

    private static async Task<Results<Ok<Erasure>, ProblemHttpResult>> GetAsync(
        Guid customerId, WriteApiClient writeApi, IIndexGenerations generations, DeadLetterList letters,
        IEnumerable<ProjectionState> projections, CancellationToken cancellationToken)
    {
        if (await writeApi.ErasedOrdersAsync(customerId, cancellationToken) is not { } orders)
        {
            return TypedResults.Problem(
                $"There is no erased customer {customerId}.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?> { ["code"] = "customer.not-erased" });
        }

        var older = await generations.CountOlderAsync(orders, cancellationToken);
        var dead = orders.Count(order => letters.Find($"{order.Id}") is not null);
        var others = 0;
        var documents = await writeApi.DocumentsAsync(orders.Select(order => order.Id), cancellationToken);
        foreach (var state in projections)
            others += await state.Projection.CountOlderAsync(documents, cancellationToken);
        return TypedResults.Ok(new Erasure(
            customerId, orders.Count, older.Live, older.Shadow, older.Previous, older.Cached, dead,
            others, IsErased: older == default && dead == 0 && others == 0));
    }

    private static async Task<Results<Ok<Erasure>, ProblemHttpResult>> RepeatAsync(
        Guid customerId, WriteApiClient writeApi, IOrderIndex index, IIndexGenerations generations,
        DeadLetterRetry retry, DeadLetterList letters, IEnumerable<ProjectionState> projections,
        CancellationToken cancellationToken)
    {
        if (await writeApi.ErasedOrdersAsync(customerId, cancellationToken) is { } orders)
        {
            var ids = orders.Select(order => order.Id);
            var documents = await writeApi.DocumentsAsync(ids, cancellationToken);
            await index.RepairAsync(documents, cancellationToken);
            await generations.RemovePreviousAsync(orders, cancellationToken);
            foreach (var order in orders)
                await retry.RetryAsync($"{order.Id}", cancellationToken);
            foreach (var state in projections)
                await state.Projection.ApplyAsync(documents, cancellationToken);
        }

        return await GetAsync(customerId, writeApi, generations, letters, projections, cancellationToken);
    }

    /// <summary>Numbers of the customer's orders.</summary>
    /// <param name="Live">Orders with personal data in the live generation; the same for the others.</param>
    /// <param name="Cached">Orders with personal data in Redis.</param>
    /// <param name="DeadLetters">Orders with a dead letter.</param>
    /// <param name="Projections">Entries with personal data in the projections beside the orders, such as the names.</param>
    /// <param name="IsErased">Whether none is left.</param>
    private sealed record Erasure(
        Guid CustomerId, int Orders, int Live, int Shadow, int Previous, int Cached, int DeadLetters, int Projections,
        bool IsErased);
}
