using Shop.Projector.Consuming;
using Shop.Projector.DeadLetters;
using Shop.Projector.Projecting;
using Shop.Projector.Projections;
using Shop.Projector.Reconciling;
using Shop.Projector.Telemetry;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.Projector.Admin;

internal static class StatusApi
{
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/status", Get).WithName("GetStatus").WithSummary("How far the read store is behind, and why");

    /// <param name="order">The id of an order whose recent events are listed.</param>
    private static ProjectorStatus Get(
        ConsumerProgress progress, LagDiagnosis diagnosis, ReadStore store, DeadLetterList deadLetters,
        Reconciler reconciler, IEnumerable<ProjectionState> projections, ProjectorMetrics metrics, Guid? order = null) =>
        new(progress.HasJoined,
            diagnosis.Problem,
            store.LastError,
            progress.Lag,
            [.. progress.Snapshot().Select(partition => new PartitionStatus(
                partition.Partition.Partition.Value, partition.Position, partition.End, partition.LagEvents,
                partition.AsOf))],
            deadLetters.Count,
            reconciler.Status,
            metrics.Projected.Report(order),
            metrics.Searchable.Report(order),
            [.. projections.Select(projection => projection.Status)]);

    /// <param name="Problem">The broken link and a sentence about it; null if there is none.</param>
    /// <param name="StoreError">Why the last write to the read store failed; null if it succeeded.</param>
    /// <param name="Projections">The read models beside the orders.</param>
    internal sealed record ProjectorStatus(
        bool HasJoined, string? Problem, string? StoreError, ConsumerLag Lag,
        IReadOnlyList<PartitionStatus> Partitions, int DeadLetters, ReconciliationStatus Reconciliation,
        RecentEventsReport Projected, RecentEventsReport Searchable, IReadOnlyList<ProjectionStatus> Projections);

    internal sealed record PartitionStatus(
        int Partition, long Position, long? End, long? LagEvents, DateTimeOffset? AsOf);
}
