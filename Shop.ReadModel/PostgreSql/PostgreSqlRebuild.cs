using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>
/// Second tables beside the live ones. Which copy is which, their names say, and they change in one transaction.
/// </summary>
internal sealed class PostgreSqlRebuild(NpgsqlDataSource dataSource, PostgreSqlCopies copies) : IOrderRebuild
{
    // Whoever waits for a table blocks its readers meanwhile: rather give up and let the caller try again.
    private const string LockTimeout = "SET LOCAL lock_timeout = '2s'";

    private static readonly CopyTables Live = CopyTables.Live;
    private static readonly CopyTables Next = CopyTables.Next;
    private static readonly CopyTables Previous = CopyTables.Previous;

    public async Task<StoreCopies> GetCopiesAsync(CancellationToken cancellationToken)
    {
        var catalog = await copies.ReadAsync(cancellationToken);
        return new(Live.Summaries, catalog.Next, catalog.Previous);
    }

    public async Task<IOrderCopy> BeginAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync(catalog => catalog.Next is null ? PostgreSqlSchema.CreateBare(Next) : "", cancellationToken);
        return await WrittenByAllAsync(cancellationToken);
    }

    public async Task<IOrderCopy> BeginRollbackAsync(CancellationToken cancellationToken)
    {
        await ChangeAsync(
            catalog => catalog switch
            {
                { Next: { } next } => throw new InvalidOperationException($"A rebuild is under way: {next}."),
                { Previous: null } => throw new InvalidOperationException("There is no earlier copy to go back to."),
                _ => $"""
                    {Rename(Previous, Next)}
                    COMMENT ON TABLE {Next.Documents} IS '{TableCatalog.RollbackMark}';
                    """,
            },
            cancellationToken);
        return await WrittenByAllAsync(cancellationToken);
    }

    public async Task SwitchAsync(CancellationToken cancellationToken)
    {
        var catalog = await copies.ReadAsync(cancellationToken);
        if (catalog is { Next: not null, IsRollback: false })
            await PostgreSqlErrors.Guarded(CopyIndexes.EnsureAsync(dataSource, Next, cancellationToken));

        await ChangeAsync(
            now => now.Next is null
                ? throw new InvalidOperationException("There is no second copy to switch to.")
                : $"""
                LOCK TABLE {Live.Summaries}, {Live.Documents} IN ACCESS EXCLUSIVE MODE;
                DROP TABLE IF EXISTS {Previous.Summaries}, {Previous.Documents};
                COMMENT ON TABLE {Next.Documents} IS NULL;
                {Rename(Live, Previous)}
                {Rename(Next, Live)}
                """,
            cancellationToken);
    }

    public Task CancelAsync(CancellationToken cancellationToken) => ChangeAsync(
        catalog => catalog switch
        {
            { Next: null } => "",
            { IsRollback: true } => $"COMMENT ON TABLE {Next.Documents} IS NULL; {Rename(Next, Previous)}",
            _ => $"DROP TABLE {Next.Summaries}, {Next.Documents}",
        },
        cancellationToken);

    private async Task<IOrderCopy> WrittenByAllAsync(CancellationToken cancellationToken)
    {
        await copies.Writer.KnownByAllAsync(cancellationToken);
        return copies.Next;
    }

    private async Task ChangeAsync(Func<TableCatalog, string> change, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync($"{LockTimeout}; {PostgreSqlSchema.Lock}");
            var sql = change(await TableCatalog.ReadAsync(connection, cancellationToken));
            if (sql.Length > 0)
                await ExecuteAsync(sql);
            await transaction.CommitAsync(cancellationToken);

            async Task ExecuteAsync(string statements)
            {
                await using var command = new NpgsqlCommand(statements, connection, transaction);
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }

    private static string Rename(CopyTables from, CopyTables to) => $"""
        ALTER TABLE {from.Summaries} RENAME TO {to.Summaries};
        ALTER TABLE {from.Documents} RENAME TO {to.Documents};
        """;
}
