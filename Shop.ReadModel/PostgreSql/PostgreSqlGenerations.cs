using System.Text.Json;
using Npgsql;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql;

/// <summary>
/// Index generations as pairs of tables, whose names define the roles. Names and the record of the last rebuild change
/// in one transaction, under a lock, so that an abandoned shadow can never go live.
/// </summary>
internal sealed class PostgreSqlGenerations : IGenerationStore
{
    // Readers queue behind a statement that waits for a table lock, so the statement gives up early and is retried.
    private const string LockTimeout = "SET LOCAL lock_timeout = '2s'";

    private static readonly OrderTables LiveTables = OrderTables.Live;
    private static readonly OrderTables ShadowTables = OrderTables.Shadow;
    private static readonly OrderTables PreviousTables = OrderTables.Previous;

    private readonly NpgsqlDataSource _dataSource;
    private readonly PostgreSqlOptions _options;
    private readonly TimeProvider _time;
    private volatile PostgreSqlGeneration _live;

    public PostgreSqlGenerations(NpgsqlDataSource dataSource, PostgreSqlOptions options, TimeProvider time)
    {
        (_dataSource, _options, _time) = (dataSource, options, time);
        _live = new(dataSource, LiveTables);
        Shadow = new PostgreSqlGeneration(dataSource, ShadowTables);
    }

    /// <summary>The live tables, with their columns at the time of the last read.</summary>
    public IOrderGeneration Live => _live;

    public IOrderGeneration Shadow { get; }

    public async Task<GenerationState> ReadAsync(CancellationToken cancellationToken)
    {
        var catalog = await ReadCatalogAsync(cancellationToken);
        _live = new(_dataSource, catalog.LiveTables);
        return catalog.State;
    }

    public async Task<long> CountLiveAsync(CancellationToken cancellationToken)
    {
        await using var command = _dataSource.CreateCommand($"SELECT count(*) FROM {LiveTables.Documents}");
        return (long)(await PostgreSqlErrors.Guarded(command.ExecuteScalarAsync(cancellationToken)))!;
    }

    public async Task CreateShadowAsync(CancellationToken cancellationToken)
    {
        await using (var change = await BeginAsync(cancellationToken))
        {
            if (change.Catalog is { Shadow: not null, IsShadowAbandoned: true } abandoned)
                await change.CommitAsync($"{Remove(abandoned)} {PostgreSqlSchema.CreateBare(ShadowTables)}");
            else if (change.Catalog.Shadow is null)
                await change.CommitAsync(PostgreSqlSchema.CreateBare(ShadowTables));
        }

        await WaitUntilKnownAsync(cancellationToken);
    }

    public Task ResumeShadowAsync(string shadow, CancellationToken cancellationToken) =>
        WaitUntilKnownAsync(cancellationToken);

    public async Task BeginRollbackAsync(CancellationToken cancellationToken)
    {
        await using (var change = await BeginAsync(cancellationToken))
        {
            var state = change.Catalog.State;
            if (state.Shadow is not null)
                throw new InvalidOperationException($"A rebuild into {state.Shadow} is running.");
            if (state.Previous is null)
                throw new InvalidOperationException("There is no previous generation to roll back to.");

            var last = state.Last;
            var forget = last?.Generation == state.Previous ? Save(last! with { Generation = null }) : "";
            var rename = change.Catalog switch
            {
                { IsShadowPrevious: true } => "",
                { Shadow: not null } => $"{Remove(change.Catalog)} {Rename(PreviousTables, ShadowTables)}",
                _ => Rename(PreviousTables, ShadowTables),
            };
            await change.CommitAsync(
                $"{rename} COMMENT ON TABLE {ShadowTables.Documents} IS '{TableCatalog.RollbackMark}'; {forget}");
        }

        await WaitUntilKnownAsync(cancellationToken);
    }

    /// <remarks>
    /// A dual write is committed in the shadow before it is committed in the live tables. So the shadow always contains
    /// the versions that readers have seen.
    /// </remarks>
    public async Task CutOverAsync(RebuildRecord completed, CancellationToken cancellationToken)
    {
        var before = await ReadCatalogAsync(cancellationToken);
        if (before is { Shadow: not null, IsShadowPrevious: false })
            await PostgreSqlErrors.Guarded(
                OrderTableIndexes.EnsureAsync(_dataSource, ShadowTables, cancellationToken));

        await using var change = await BeginAsync(cancellationToken);
        var shadow = change.Catalog.State.Shadow
            ?? throw new InvalidOperationException(
                $"There is no shadow to cut over to. {change.Catalog.Last?.Reason}");
        await change.CommitAsync($"""
            LOCK TABLE {LiveTables.Summaries}, {LiveTables.Documents} IN ACCESS EXCLUSIVE MODE;
            DROP TABLE IF EXISTS {PreviousTables.Summaries}, {PreviousTables.Documents};
            COMMENT ON TABLE {ShadowTables.Documents} IS NULL;
            {Rename(LiveTables, PreviousTables)}
            {Rename(ShadowTables, LiveTables)}
            {Save(completed with { Generation = shadow })}
            """);
    }

    public async Task<bool> AbandonShadowAsync(RebuildRecord reason, CancellationToken cancellationToken)
    {
        await using (var change = await BeginAsync(cancellationToken))
        {
            if (change.Catalog.State.Shadow is not { } shadow || shadow != reason.Generation)
                return false;

            await change.CommitAsync(Save(reason with { IsRollback = change.Catalog.IsShadowPrevious }));
        }

        await TryRemoveAsync(cancellationToken);
        return true;
    }

    public async Task RemovePreviousAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        // Under the lock, so that no cutover renames the tables meanwhile.
        await using var change = await BeginAsync(cancellationToken);
        if (change.Catalog.Previous is not null)
            await change.CommitAsync(OlderDocumentsSql.Delete(PreviousTables, olderThan));
    }

    public async Task<OlderDocuments> CountOlderAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        await using var change = await BeginAsync(cancellationToken);
        var counts = await change.ReadIntegersAsync($"""
            WITH given (id, version) AS {OlderDocumentsSql.Values(olderThan)}
            SELECT {Count(LiveTables, true)}, {Count(ShadowTables, change.Catalog.Shadow is not null)},
                {Count(PreviousTables, change.Catalog.Previous is not null)}
            """);
        return new(counts[0], counts[1], counts[2], Cached: 0);

        static string Count(OrderTables tables, bool exist) => exist ? OlderDocumentsSql.Count(tables) : "0";
    }

    public Task MakeShadowSearchableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Remove(TableCatalog catalog) => catalog.IsShadowPrevious
        ? $"COMMENT ON TABLE {ShadowTables.Documents} IS NULL; {Rename(ShadowTables, PreviousTables)}"
        : $"DROP TABLE {ShadowTables.Summaries}, {ShadowTables.Documents};";

    private static string Rename(OrderTables from, OrderTables to) => $"""
        ALTER TABLE {from.Summaries} RENAME TO {to.Summaries};
        ALTER TABLE {from.Documents} RENAME TO {to.Documents};
        """;

    private static string Save(RebuildRecord record)
    {
        var json = JsonSerializer.Serialize(record, RebuildRecordJson.Default.RebuildRecord)
            .Replace("'", "''", StringComparison.Ordinal);
        return $"""
            INSERT INTO {PostgreSqlSchema.Rebuild} (last) VALUES ('{json}')
            ON CONFLICT (id) DO UPDATE SET last = excluded.last;
            """;
    }

    // An index build of another process may lock the tables. The next rebuild removes them.
    private async Task TryRemoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var change = await BeginAsync(cancellationToken);
            if (change.Catalog.IsShadowAbandoned)
                await change.CommitAsync(Remove(change.Catalog));
        }
        catch (ReadStoreUnavailableException)
        {
        }
    }

    private async Task<TableCatalog> ReadCatalogAsync(CancellationToken cancellationToken)
    {
        await using var connection = await PostgreSqlErrors.Guarded(
            _dataSource.OpenConnectionAsync(cancellationToken).AsTask());
        return await PostgreSqlErrors.Guarded(TableCatalog.ReadAsync(connection, cancellationToken));
    }

    /// <summary>Completes when no writer uses a view of the generations from before this call.</summary>
    private Task WaitUntilKnownAsync(CancellationToken cancellationToken) =>
        Task.Delay(_options.GenerationsLifetime * 2, _time, cancellationToken);

    private Task<Change> BeginAsync(CancellationToken cancellationToken)
    {
        return PostgreSqlErrors.Guarded(BeginAsync());

        async Task<Change> BeginAsync()
        {
            var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
            var change = new Change(
                connection, await connection.BeginTransactionAsync(cancellationToken), cancellationToken);
            try
            {
                await change.ExecuteAsync($"{LockTimeout}; {PostgreSqlSchema.Lock}");
                change.Catalog = await TableCatalog.ReadAsync(connection, cancellationToken);
                if (change.Catalog.Foreign is { } foreign)
                    throw PostgreSqlSchema.Foreign(foreign);
                return change;
            }
            catch
            {
                await change.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>
    /// A transaction that holds the lock on the generations. It changes nothing unless it is committed.
    /// </summary>
    private sealed class Change(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        : IAsyncDisposable
    {
        public TableCatalog Catalog { get; set; } = null!;

        public async Task CommitAsync(string sql)
        {
            await PostgreSqlErrors.Guarded(ExecuteAsync(sql));
            await PostgreSqlErrors.Guarded(transaction.CommitAsync(cancellationToken));
        }

        public async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async Task<int[]> ReadIntegersAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            return [.. Enumerable.Range(0, row.FieldCount).Select(row.GetInt32)];
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
