using Shop.Projector.Auditing;
using Shop.Projector.Parking;
using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

internal static class StatusApi
{
    public static void MapStatus(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/status", Get).WithName("GetStatus").WithSummary("How far the read store has come");

    private static ProjectorStatus Get(
        ConsumerProgress progress, ReadStore store, ParkedOrders parked, Auditor auditor) =>
        new(progress.HasJoined,
            store.Trouble,
            progress.Lag,
            [.. progress.Snapshot().Select(partition => new PartitionStatus(
                partition.Partition.Partition.Value, partition.Position, partition.End, partition.LagEvents,
                partition.AsOf))],
            parked.Count,
            auditor.Status);

    /// <param name="StoreTrouble">Why the read store does not take writes; null while it does.</param>
    internal sealed record ProjectorStatus(
        bool HasJoined, string? StoreTrouble, ConsumerLag Lag, IReadOnlyList<PartitionStatus> Partitions, int Parked,
        AuditStatus Audit);

    internal sealed record PartitionStatus(
        int Partition, long Position, long? End, long? LagEvents, DateTimeOffset? AsOf);
}
