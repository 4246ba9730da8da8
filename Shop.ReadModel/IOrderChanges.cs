namespace Shop.ReadModel;

/// <summary>
/// The order documents in the sequence in which they became visible to searches. Every process reads the same sequence,
/// and only the newest version of an order is in it.
/// </summary>
public interface IOrderChanges
{
    /// <summary>
    /// How long after a read a document can become visible before the position that the read returned. A reader that
    /// wants every document starts its next read at a position that is at least this old.
    /// </summary>
    TimeSpan Settling { get; }

    /// <param name="after">
    /// A position that an earlier read returned, possibly in another process; null to start at the present.
    /// </param>
    /// <param name="known">Versions that the caller has seen. Their documents are left out.</param>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<OrderChanges> ReadAsync(
        string? after, IReadOnlyDictionary<Guid, long> known, CancellationToken cancellationToken);
}

/// <param name="Orders">The documents, without those that the caller knows.</param>
/// <param name="Versions">The versions that the read found, including those that the caller knows.</param>
/// <param name="Position">Where the next read continues.</param>
/// <param name="HasMore">Whether the read stopped before the present.</param>
/// <param name="IsReset">
/// Whether the given position is not one of this store, for example because another generation went live. There are no
/// orders then, and <paramref name="Position"/> is the present.
/// </param>
public sealed record OrderChanges(
    IReadOnlyList<StoredOrder> Orders, IReadOnlyDictionary<Guid, long> Versions, string Position, bool HasMore = false,
    bool IsReset = false)
{
    internal static OrderChanges None(string position, bool isReset) =>
        new([], new Dictionary<Guid, long>(), position, IsReset: isReset);
}
