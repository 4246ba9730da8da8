namespace Shop.ReadModel.Consistency;

/// <summary>
/// One waiting reader, and the versions of its orders that are visible. The owner synchronizes access.
/// </summary>
internal sealed class Waiter(IReadOnlyCollection<AwaitedVersion> versions, CallerScope scope, long since)
{
    private readonly TaskCompletionSource _visible = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _checked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, long> _seen = [];

    public long Since => since;

    /// <summary>The earliest timestamp at which the store is queried for this waiter; 0 for immediately.</summary>
    public long NextCheck { get; set; }

    public Task Visible => _visible.Task;

    /// <summary>Completes when the store has been queried for this waiter once.</summary>
    public Task Checked => _checked.Task;

    public IEnumerable<Guid> Ids => versions.Select(version => version.OrderId);

    public IReadOnlyList<StaleVersion> Stale =>
    [
        .. versions.Where(IsStale).Select(version => new StaleVersion(
            version.OrderId, version.Version, _seen.TryGetValue(version.OrderId, out var now) ? now : null)),
    ];

    /// <param name="visible">Visible versions of orders, which may include other orders, in any sequence.</param>
    public void Saw(IReadOnlyDictionary<Guid, VisibleVersion> visible)
    {
        foreach (var id in Ids)
        {
            if (visible.TryGetValue(id, out var order)
                && scope.Includes(order.CustomerId)
                && order.Version > _seen.GetValueOrDefault(id))
            {
                _seen[id] = order.Version;
            }
        }

        if (!versions.Any(IsStale))
            _visible.TrySetResult();
    }

    /// <param name="found">The versions of its orders that a query found.</param>
    public void WasChecked(IReadOnlyDictionary<Guid, VisibleVersion> found)
    {
        Saw(found);
        _checked.TrySetResult();
    }

    public void Fail(Exception exception)
    {
        _visible.TrySetException(exception);
        _checked.TrySetException(exception);
        _ = _checked.Task.Exception; // Marks it as observed, because possibly nobody awaits the task.
    }

    private bool IsStale(AwaitedVersion version) => _seen.GetValueOrDefault(version.OrderId) < version.Version;
}
