using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shop.ServiceDefaults.Background;

namespace Shop.WriteApi.Database;

/// <summary>
/// Brings the schema up to date. EF's lock lets one of several replicas do it while the others wait. Until it is done,
/// <c>/health/ready</c> and every request get 503.
/// </summary>
internal sealed class DatabaseMigration(
    IServiceScopeFactory scopes, NpgsqlDataSource database, LoopServices services)
    : SupervisedLoop("Database migration", services)
{
    private const string HistoryTable = "\"__EFMigrationsHistory\"";

    // Tables of extensions belong to nobody in particular.
    private const string SelectTables = """
        select format('%I.%I', n.nspname, c.relname)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%'
            and not exists (select from pg_depend where objid = c.oid and deptype = 'e')
        order by 1
        """;

    private static readonly TimeSpan StatementTimeout = TimeSpan.FromMinutes(10);

    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the schema is up to date. Other background work waits for it.</summary>
    public Task Done => _done.Task;

    protected override TimeSpan Interval => Timeout.InfiniteTimeSpan;

    /// <summary>Lets the server listen after the first attempt, so that a normal start is never seen unready.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await _attempted.Task.WaitAsync(cancellationToken);
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            _done.TrySetResult();
        }
        finally
        {
            _attempted.TrySetResult();
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<ShopDbContext>();
        await RefuseForeignDatabaseAsync(context, cancellationToken);
        // Created here because EF logs an error if it reads the table before it exists.
        await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
        context.Database.SetCommandTimeout(StatementTimeout);
        await context.Database.MigrateAsync(cancellationToken);
    }

    private async Task RefuseForeignDatabaseAsync(ShopDbContext context, CancellationToken cancellationToken)
    {
        // The tables are read first: a replica that migrates meanwhile commits them together with its history.
        List<string> tables = [.. (await ReadAsync(SelectTables, cancellationToken)).OfType<string>()];
        if (tables.Find(table => table.EndsWith(HistoryTable, StringComparison.Ordinal)) is { } history)
        {
            // Another application's history may have other column names: those rows read as null.
            var applied = await ReadAsync($"select to_jsonb(h) ->> 'migration_id' from {history} h", cancellationToken);
            if (applied.Intersect(context.Database.GetMigrations()).Any())
                return;
            if (applied.Count == 0)
                tables.Remove(history);
        }

        if (tables.Count > 0)
            throw new ForeignDatabaseException(context.Database.GetDbConnection().Database, tables);
    }

    private async Task<List<string?>> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<string?>();
        while (await row.ReadAsync(cancellationToken))
            values.Add(row.IsDBNull(0) ? null : row.GetString(0));
        return values;
    }
}

/// <summary>The configured database was not created by this service.</summary>
internal sealed class ForeignDatabaseException(string database, IReadOnlyCollection<string> tables) : Exception(
    $"The database '{database}' was not created by this service, so nothing is changed in it. It has {tables.Count} "
    + $"table(s): {string.Join(", ", tables.Take(MaxNames))}{(tables.Count > MaxNames ? ", …" : "")}. "
    + "Set ConnectionStrings:orders to an empty database.")
{
    private const int MaxNames = 10;
}
