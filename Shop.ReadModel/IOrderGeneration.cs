using System.Buffers.Binary;
using System.Security.Cryptography;
using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>One writable set of order documents: the live index generation, or the shadow of a rebuild.</summary>
public interface IOrderGeneration
{
    /// <summary>
    /// Writes each document whose version is newer than the stored one, in one round trip if the store supports it.
    /// A document with an equal or older version is not written and counts as done.
    /// </summary>
    /// <param name="documents">At most one document per order.</param>
    /// <returns>One outcome per document, in the same order.</returns>
    /// <exception cref="ReadStoreUnavailableException">
    /// Some documents were not written. The batch can be repeated.
    /// </exception>
    Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken);

    /// <summary>Writes each document unless the stored version is newer. Manual changes are overwritten.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken);

    /// <summary>Removes the documents of orders that do not exist in the write database.</summary>
    Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken);

    /// <summary>Streams every stored order and its version in id order, in constant memory.</summary>
    /// <remarks>
    /// A document that was changed by hand has version 0 and needs a repair. The store may be read in pages, each with
    /// its own view of the documents.
    /// </remarks>
    IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Streams the version and the hash of the stored JSON of every document in id order, for a comparison that finds
    /// a document whose content differs although its version is the same.
    /// </summary>
    /// <remarks>The store is read in pages, each with its own view of the documents.</remarks>
    IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken);
}

/// <summary>A stored document in a deep comparison.</summary>
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

    /// <summary>The store will never accept this document. See <see cref="IndexOutcome.Reason"/>.</summary>
    Rejected,
}

public readonly record struct IndexOutcome(Guid OrderId, IndexResult Result, string? Reason = null);
