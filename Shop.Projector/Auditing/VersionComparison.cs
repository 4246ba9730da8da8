using System.Runtime.CompilerServices;
using Shop.Contracts;

namespace Shop.Projector.Auditing;

/// <summary>Merges the versions of both sides, each in id order, in constant memory.</summary>
internal static class VersionComparison
{
    /// <summary>Every order of which the two sides do not have the same version.</summary>
    public static async IAsyncEnumerable<VersionDifference> DifferencesAsync(
        IAsyncEnumerable<OrderVersion> write, IAsyncEnumerable<OrderVersion> read, AuditCounts counts,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var left = write.GetAsyncEnumerator(cancellationToken);
        await using var right = read.GetAsyncEnumerator(cancellationToken);
        var hasLeft = await left.MoveNextAsync();
        var hasRight = await right.MoveNextAsync();
        while (hasLeft || hasRight)
        {
            var order = !hasRight ? -1 : !hasLeft ? 1 : left.Current.Id.CompareTo(right.Current.Id);
            var difference = new VersionDifference(
                order <= 0 ? left.Current.Id : right.Current.Id,
                order <= 0 ? left.Current.Version : null,
                order >= 0 ? right.Current.Version : null);
            if (difference.Write != difference.Read)
                yield return difference;

            if (order <= 0)
            {
                counts.Write++;
                hasLeft = await NextAsync(left, "write");
            }

            if (order >= 0)
            {
                counts.Read++;
                hasRight = await NextAsync(right, "read");
            }
        }
    }

    // A stream that is out of order would make orders look missing, and documents be removed.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<OrderVersion> side, string name)
    {
        var before = side.Current.Id;
        if (!await side.MoveNextAsync())
            return false;
        if (side.Current.Id.CompareTo(before) <= 0)
            throw new InvalidDataException($"The {name} side is not in id order: {before}, {side.Current.Id}.");
        return true;
    }
}

/// <param name="Write">Null where the write side does not have the order.</param>
/// <param name="Read">Null where the store does not have a document.</param>
internal readonly record struct VersionDifference(Guid Id, long? Write, long? Read);

/// <summary>Orders seen on each side so far.</summary>
internal sealed class AuditCounts
{
    public long Write { get; set; }

    public long Read { get; set; }
}
