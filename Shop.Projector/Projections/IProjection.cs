using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Projections;

/// <summary>
/// A read model beside the orders, made of the same topic. It consumes the topic in a consumer group of its own, so that
/// neither waits for the other. Events are applied at least once and in any order.
/// </summary>
internal interface IProjection
{
    /// <summary>Lower-case letters. Part of the name of the consumer group.</summary>
    string Name { get; }

    /// <summary>Creates what is missing in the store.</summary>
    /// <returns><see cref="IndexState.Ready"/>, or another state if a rebuild has to fill or replace it.</returns>
    Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Applies the orders of events, which may be older than what was applied before. May be called at any time, also
    /// while another call runs.
    /// </summary>
    Task ApplyAsync(IReadOnlyList<SerializedOrder> orders, CancellationToken cancellationToken);

    /// <summary>
    /// Completes what was applied, for example with numbers that are computed from the orders. Called about once a minute;
    /// offsets are committed after it, so that a process that ends in between applies the events again.
    /// </summary>
    /// <returns>False if it is not possible yet.</returns>
    Task<bool> SettleAsync(CancellationToken cancellationToken);

    /// <summary>Compares with the orders of the read store and repairs what differs.</summary>
    Task<ProjectionReport> ReconcileAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the read model by one that is made of these orders, which are all of the write database.</summary>
    Task RebuildAsync(IAsyncEnumerable<SerializedOrder> orders, CancellationToken cancellationToken);

    /// <summary>Counts what was made of older versions of these orders. It is 0 after a customer was erased.</summary>
    Task<int> CountOlderAsync(IReadOnlyList<SerializedOrder> orders, CancellationToken cancellationToken);
}

/// <param name="Corrected">Entries that differed, and those that were removed.</param>
/// <param name="Missing">Entries that were missing.</param>
/// <param name="NeedsRebuild">Whether so much is missing that a rebuild is faster.</param>
internal sealed record ProjectionReport(DateTimeOffset FinishedAt, int Corrected, int Missing, bool NeedsRebuild = false);
