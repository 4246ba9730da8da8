using FsCheck.Xunit;
using Shop.Contracts;
using Shop.Projector.Reconciling;

namespace Shop.Projector.Tests;

public sealed class VersionComparisonTests
{
    [Property]
    public bool The_merge_finds_exactly_what_differs(
        Dictionary<Guid, byte> write, Dictionary<Guid, byte> read, int shared)
    {
        // Random ids hardly ever meet: let the read side have some of the write side's, a few of other versions.
        foreach (var (id, version) in write.Take(Math.Abs(shared % (write.Count + 1))))
            read[id] = (byte)(version % 3 == 0 ? version + 1 : version);

        var counts = new ComparisonCounts();
        var found = VersionComparison.DifferencesAsync(Stream(write), Stream(read), counts, default)
            .ToBlockingEnumerable().ToArray();

        var expected = write.Keys.Union(read.Keys).Order()
            .Select(id => new VersionDifference(id, Find(write, id), Find(read, id)))
            .Where(difference => difference.Write != difference.Read);
        return found.SequenceEqual(expected) && (counts.Write, counts.Read) == (write.Count, read.Count);
    }

    [Fact]
    public void A_stream_out_of_order_is_refused()
    {
        var (first, second) = (new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]));
        Assert.Throws<InvalidDataException>(() => VersionComparison.DifferencesAsync(
            new OrderVersion[] { new(second, 1), new(first, 1) }.ToAsyncEnumerable(),
            AsyncEnumerable.Empty<OrderVersion>(), new(), default).ToBlockingEnumerable().ToArray());
    }

    private static long? Find(Dictionary<Guid, byte> side, Guid id) =>
        side.TryGetValue(id, out var version) ? version : null;

    private static IAsyncEnumerable<OrderVersion> Stream(Dictionary<Guid, byte> side) =>
        side.OrderBy(pair => pair.Key).Select(pair => new OrderVersion(pair.Key, pair.Value)).ToAsyncEnumerable();
}
