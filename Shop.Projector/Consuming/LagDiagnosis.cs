using Microsoft.Extensions.Options;
using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

/// <summary>Names the broken link between the write database's commits and the read store.</summary>
internal sealed class LagDiagnosis(
    ConsumerProgress progress, OrdersConsumer consumer, BrokerProbe broker, ReadStore store, SourceDatabase source,
    IOptions<ProjectorOptions> options)
{
    /// <summary>
    /// The broken link. Null if the lag is within <see cref="ProjectorOptions.MaxLag"/>, the store responds, and the write
    /// database is the right one.
    /// </summary>
    public string? Problem => Reconciliation
        ?? (store.ReportErrorAfter(options.Value.MaxLag) is { } error ? $"store: {error}" : null)
        ?? (progress.Lag.Seconds > options.Value.MaxLag.TotalSeconds ? Link() : null);

    /// <summary>What the as-of time depends on now: the broken link, if a reader finds that time too old.</summary>
    public string LimitingLink => Reconciliation ?? Link();

    private string? Reconciliation => (source.Problem ?? source.Refusal) is { } problem ? $"reconciliation: {problem}" : null;

    private string Link()
    {
        var (events, seconds) = progress.Lag;
        if (store.LastError is { } storeError)
            return $"store: {storeError}";
        if (broker.Problem is { } brokerProblem)
            return $"broker: {brokerProblem}";
        if (!progress.HasJoined)
            return $"projector: It has no consumer session. {consumer.LastError}".TrimEnd();
        return events == 0
            ? $"relay: The log has been consumed to its end, but no heartbeat was committed for {seconds:F0} s."
            : $"projector: It is {events} records behind.";
    }
}
