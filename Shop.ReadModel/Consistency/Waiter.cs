namespace Shop.ReadModel.Consistency;

/// <summary>One reader, and what it has yet to see.</summary>
internal sealed class Waiter(IReadOnlyCollection<AwaitedVersion> versions, long since)
{
    private readonly TaskCompletionSource _visible = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, long> _seen = [];
    private readonly Lock _lock = new();

    public long Since => since;

    public Task Visible => _visible.Task;

    public IEnumerable<Guid> Ids => versions.Select(version => version.OrderId);

    public IReadOnlyList<StaleVersion> Stale
    {
        get
        {
            lock (_lock)
            {
                return [.. versions.Where(IsStale).Select(version => new StaleVersion(
                    version.OrderId, version.Version, _seen.TryGetValue(version.OrderId, out var now) ? now : null))];
            }
        }
    }

    /// <param name="visible">Some or all of its orders, and others; what was told may be newer than what was asked for.</param>
    public void Saw(IReadOnlyDictionary<Guid, long> visible)
    {
        lock (_lock)
        {
            foreach (var id in Ids)
            {
                if (visible.TryGetValue(id, out var version) && version > _seen.GetValueOrDefault(id))
                    _seen[id] = version;
            }

            if (!versions.Any(IsStale))
                _visible.TrySetResult();
        }
    }

    public void Fail(Exception exception) => _visible.TrySetException(exception);

    private bool IsStale(AwaitedVersion version) => _seen.GetValueOrDefault(version.OrderId) < version.Version;
}
