using System.Runtime.InteropServices;

namespace Shop.Projector.Projecting;

/// <summary>
/// Notices a version that comes without its predecessor, for orders seen lately. Nothing depends on it: the full state
/// in the later event heals what an earlier one would have written.
/// </summary>
internal sealed class VersionGaps
{
    private const int Capacity = 50_000;

    private readonly Lock _lock = new();
    private Dictionary<Guid, long> _recent = [];
    private Dictionary<Guid, long> _older = [];

    /// <returns>Null where the order was not seen lately.</returns>
    public bool? Follows(Guid order, long version)
    {
        lock (_lock)
        {
            if (_recent.Count >= Capacity)
                (_older, _recent) = (_recent, []);
            ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_recent, order, out var isKnown);
            if (!isKnown)
                isKnown = _older.TryGetValue(order, out last);
            bool? follows = isKnown ? version <= last + 1 : version == 1 ? true : null;
            last = Math.Max(version, last);
            return follows;
        }
    }
}
