using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>
/// Second tables beside the live ones. Triggers copy what is written to the live ones, in the writer's transaction, so
/// that every writer writes both from the moment they are there. Switching renames all tables in one transaction.
/// </summary>
internal sealed class PostgreSqlRebuild(NpgsqlDataSource dataSource) : IOrderRebuild
{
    // Whoever waits for a table blocks its readers meanwhile: rather give up and let the caller try again.
    private const string LockTimeout = "SET LOCAL lock_timeout = '2s'";
    private const string FromRollback = "was live before";

    private static readonly CopyTables Live = CopyTables.Live;
    private static readonly CopyTables Next = CopyTables.Next;
    private static readonly CopyTables Previous = CopyTables.Previous;

    private static readonly string StartMirror =
        Mirror.Start(Live.Summaries, Next.Summaries, CopyTables.SummaryColumns)
        + Mirror.Start(Live.Documents, Next.Documents, CopyTables.DocumentColumns);

    private static readonly string StopMirror = $"{Mirror.Stop(Live.Summaries)} {Mirror.Stop(Live.Documents)}";

    public Task<StoreCopies> GetCopiesAsync(CancellationToken cancellationToken) => PostgreSqlErrors.Guarded(
        InTransactionAsync(transaction => CopiesAsync(transaction, cancellationToken), cancellationToken));

    public Task<IOrderCopy> BeginAsync(CancellationToken cancellationToken) => ChangeAsync(
        copies => copies.Next is null ? $"{PostgreSqlSchema.Create(Next)} {StartMirror}" : "", cancellationToken);

    public Task<IOrderCopy> BeginRollbackAsync(CancellationToken cancellationToken) => ChangeAsync(
        copies => copies switch
        {
            { Next: { } next } => throw new InvalidOperationException($"A rebuild is under way: {next}."),
            { Previous: null } => throw new InvalidOperationException("There is no earlier copy to go back to."),
            _ => $"""
                {Rename(Previous, Next)}
                COMMENT ON TABLE {Next.Documents} IS '{FromRollback}';
                {StartMirror}
                """,
        },
        cancellationToken);

    public async Task SwitchAsync(CancellationToken cancellationToken)
    {
        await using var analyze = dataSource.CreateCommand($"ANALYZE {Next.Summaries}");
        if ((await GetCopiesAsync(cancellationToken)).Next is not null)
            await PostgreSqlErrors.Guarded(analyze.ExecuteNonQueryAsync(cancellationToken));

        await ChangeAsync(
            copies => copies.Next is null
                ? throw new InvalidOperationException("There is no second copy to switch to.")
                : $"""
                LOCK TABLE {Live.Summaries}, {Live.Documents} IN ACCESS EXCLUSIVE MODE;
                {StopMirror}
                DROP TABLE IF EXISTS {Previous.Summaries}, {Previous.Documents};
                COMMENT ON TABLE {Next.Documents} IS NULL;
                {Rename(Live, Previous)}
                {Rename(Next, Live)}
                """,
            cancellationToken);
    }

    public Task CancelAsync(CancellationToken cancellationToken) => PostgreSqlErrors.Guarded(InTransactionAsync(
        async transaction =>
        {
            if ((await CopiesAsync(transaction, cancellationToken)).Next is null)
                return 0;

            var isFromRollback = await ScalarAsync(
                $"SELECT obj_description('{Next.Documents}'::regclass, 'pg_class')",
                transaction,
                cancellationToken) is FromRollback;
            var away = isFromRollback
                ? Rename(Next, Previous)
                : $"DROP TABLE {Next.Summaries}, {Next.Documents};";
            return await ExecuteAsync($"{StopMirror} {away}", transaction, cancellationToken);
        },
        cancellationToken));

    private async Task<IOrderCopy> ChangeAsync(Func<StoreCopies, string> change, CancellationToken cancellationToken)
    {
        await PostgreSqlErrors.Guarded(InTransactionAsync(
            async transaction =>
            {
                var sql = change(await CopiesAsync(transaction, cancellationToken));
                return sql.Length == 0 ? 0 : await ExecuteAsync(sql, transaction, cancellationToken);
            },
            cancellationToken));
        return new PostgreSqlCopy(dataSource, Next);
    }

    private async Task<T> InTransactionAsync<T>(
        Func<NpgsqlTransaction, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"{LockTimeout}; {PostgreSqlSchema.Lock}", transaction, cancellationToken);
        var result = await work(transaction);
        await transaction.CommitAsync(cancellationToken);
        return result;
    }

    private static async Task<StoreCopies> CopiesAsync(
        NpgsqlTransaction transaction, CancellationToken cancellationToken) => new(
            Live.Summaries,
            await NameAsync(Next.Summaries, transaction, cancellationToken),
            await NameAsync(Previous.Summaries, transaction, cancellationToken));

    private static async Task<string?> NameAsync(
        string table, NpgsqlTransaction transaction, CancellationToken cancellationToken) =>
        await ScalarAsync($"SELECT to_regclass('{table}')::text", transaction, cancellationToken) as string;

    private static async Task<object?> ScalarAsync(
        string sql, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<int> ExecuteAsync(
        string sql, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Rename(CopyTables from, CopyTables to) => $"""
        ALTER TABLE {from.Summaries} RENAME TO {to.Summaries};
        ALTER TABLE {from.Documents} RENAME TO {to.Documents};
        """;
}
