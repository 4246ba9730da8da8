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
            var known = _recent.TryGetValue(order, out var last) || _older.TryGetValue(order, out last);
            if (_recent.Count >= Capacity)
                (_older, _recent) = (_recent, []);
            _recent[order] = Math.Max(version, last);
            return known ? version <= last + 1 : version == 1 ? true : null;
        }
    }
}
