namespace Shop.ReadModel;

/// <summary>
/// A second copy of the documents beside the live one. From <see cref="BeginAsync"/> on, every write to the live copy,
/// by whichever process, goes to the second one too. What is left for the caller: fill it from the write side, compare
/// versions as an audit does until nothing differs, switch. The store keeps all state: a rebuild that died goes on by
/// beginning again.
/// </summary>
public interface IOrderRebuild
{
    Task<StoreCopies> GetCopiesAsync(CancellationToken cancellationToken);

    /// <summary>Makes an empty copy, or finds the unfinished one.</summary>
    /// <returns>
    /// The copy alone, once all writers write to both: what the write side answers from now on, and live events,
    /// complete it.
    /// </returns>
    Task<IOrderCopy> BeginAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="BeginAsync"/>, with the copy that was live before, which has missed what came since.</summary>
    /// <exception cref="InvalidOperationException">There is none, or a rebuild is under way.</exception>
    Task<IOrderCopy> BeginRollbackAsync(CancellationToken cancellationToken);

    /// <summary>Makes the second copy the live one in one atomic step; the live one is kept for a rollback.</summary>
    /// <exception cref="InvalidOperationException">There is no second copy.</exception>
    Task SwitchAsync(CancellationToken cancellationToken);

    /// <summary>Drops the second copy, or puts it back where a rollback took it from.</summary>
    Task CancelAsync(CancellationToken cancellationToken);
}

/// <summary>Names of the copies that there are.</summary>
/// <param name="Next">The one that a rebuild or rollback is filling.</param>
/// <param name="Previous">The one that was live before; the same as <paramref name="Next"/> in a rollback.</param>
public sealed record StoreCopies(string Live, string? Next, string? Previous)
{
    public bool IsRollback => Next is not null && Next == Previous;
}
