using System.Buffers.Binary;
using System.Security.Cryptography;
using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>A set of order documents that can be written: the live one, or one that a rebuild makes beside it.</summary>
public interface IOrderCopy
{
    /// <summary>
    /// Writes each document whose version is newer than the stored one, in one round trip where the store can.
    /// An equal or older version is left alone and counts as done.
    /// </summary>
    /// <param name="documents">At most one document an order.</param>
    /// <returns>One outcome for each document, in their order.</returns>
    /// <exception cref="ReadStoreUnavailableException">Some or all were not taken; the whole batch may be repeated.</exception>
    Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken);

    /// <summary>Writes each document unless the stored version is newer: what a hand has changed is overwritten.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken);

    /// <summary>Removes documents of orders that the write side does not have.</summary>
    Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Every stored order and version in id order, as one consistent view, in constant memory.</summary>
    /// <remarks>A document that the store knows to be changed by other hands has version 0: repair it.</remarks>
    IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Streams the version and the hash of the stored JSON of every document in id order, for a comparison that finds
    /// a document whose content differs although its version is the same.
    /// </summary>
    /// <remarks>The store is read in pages, each with its own view of the documents.</remarks>
    IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken);
}

/// <summary>A stored document as a deep comparison sees it.</summary>
/// <param name="Version">The version in the document; 0 if it is not an order document.</param>
/// <param name="Hash">Equals <see cref="HashOf"/> of the JSON that was written, unless somebody changed it.</param>
public readonly record struct StoredContent(Guid Id, long Version, UInt128 Hash)
{
    /// <summary>The first half of the SHA-256 of a document's JSON.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> json) =>
        BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(json));
}

public enum IndexResult
{
    /// <summary>The document is stored.</summary>
    Applied,

    /// <summary>The store has this version or a newer one.</summary>
    AlreadyNewer,

    /// <summary>The store can never take this document; <see cref="IndexOutcome.Reason"/> says why.</summary>
    Rejected,
}

public readonly record struct IndexOutcome(Guid OrderId, IndexResult Result, string? Reason = null);
