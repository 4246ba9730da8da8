using System.Runtime.CompilerServices;
using Shop.Contracts;

namespace Shop.Projector.Reconciling;

/// <summary>Merges the versions of write database and read store, each in id order, in constant memory.</summary>
internal static class VersionComparison
{
    /// <summary>Every order that the two do not have in the same version.</summary>
    public static async IAsyncEnumerable<VersionDifference> DifferencesAsync(
        IAsyncEnumerable<OrderVersion> write, IAsyncEnumerable<OrderVersion> read, ComparisonCounts counts,
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
                hasLeft = await NextAsync(left, "write database");
            }

            if (order >= 0)
            {
                counts.Read++;
                hasRight = await NextAsync(right, "read store");
            }
        }
    }

    // Out of order, orders would look missing and documents be removed.
    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<OrderVersion> side, string name)
    {
        var before = side.Current.Id;
        if (!await side.MoveNextAsync())
            return false;
        if (side.Current.Id.CompareTo(before) <= 0)
            throw new InvalidDataException($"The versions of the {name} are not in id order: {before}, {side.Current.Id}.");
        return true;
    }
}

/// <param name="Write">Null if the write database does not have the order.</param>
/// <param name="Read">Null if the read store does not have a document.</param>
internal readonly record struct VersionDifference(Guid Id, long? Write, long? Read);

/// <summary>Orders compared so far.</summary>
internal sealed class ComparisonCounts
{
    public long Write { get; set; }

    public long Read { get; set; }
}
