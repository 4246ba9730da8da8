using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>
/// Whether the events come from the write database that the read store's documents come from. The store records the
/// first one it meets; only an operator replaces it.
/// </summary>
internal sealed class SourceDatabase(IOrderIndex index)
{
    private volatile string? _problem;
    private volatile string? _refusal;
    private Guid? _recorded;

    /// <summary>What is wrong and what an operator can do; null if the identities agree.</summary>
    public string? Problem => _problem;

    /// <summary>Why the last reconciliation removed nothing and what an operator can do; null if it was complete.</summary>
    public string? Refusal
    {
        get => _refusal;
        set => _refusal = value;
    }

    /// <summary>Compares the identity that the newest events and heartbeats carry.</summary>
    public async ValueTask MeetAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            // Another projector may have replaced a recorded one that differs.
            if (_recorded != id)
                _recorded = await index.SaveDatabaseIdAsync(id, replaces: false, cancellationToken);
            _problem = _recorded == id ? null : Differs(id, _recorded.Value);
        }
        catch (ReadStoreUnavailableException)
        {
            // The next heartbeat carries it again.
        }
    }

    /// <summary>The write database that the documents come from; <paramref name="met"/> if there are no documents.</summary>
    public async Task<Guid> FindRecordedAsync(Guid met, CancellationToken cancellationToken)
    {
        var recorded = await index.SaveDatabaseIdAsync(met, replaces: false, cancellationToken);
        if (recorded == met)
            return recorded;

        await using var documents = index.VersionsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        if (await documents.MoveNextAsync())
            return recorded;

        await ReplaceAsync(met, cancellationToken);
        return met;
    }

    /// <summary>Makes a write database the one that the documents come from.</summary>
    public async Task ReplaceAsync(Guid id, CancellationToken cancellationToken)
    {
        _recorded = await index.SaveDatabaseIdAsync(id, replaces: true, cancellationToken);
        _problem = null;
    }

    public static string Differs(Guid met, Guid recorded) =>
        $"The write database is {met}, but the documents of the read store come from {recorded}. "
        + $"Connect the right write database, or accept this one with POST /reconcile?confirm={met}.";
}
