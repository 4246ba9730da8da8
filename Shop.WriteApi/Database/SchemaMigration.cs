using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Shop.WriteApi.Database;

/// <summary>Brings the schema up to date. EF's lock lets one of several processes do it while the others wait.</summary>
internal sealed class SchemaMigration(ShopDbContext context, NpgsqlDataSource database)
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

    /// <returns>The number of migrations that were applied.</returns>
    /// <exception cref="ForeignDatabaseException">The database belongs to something else.</exception>
    /// <exception cref="SchemaRightsException">The user may not change the schema, which is not up to date.</exception>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        var applied = await ReadAppliedAsync(cancellationToken);
        string[] missing = [.. context.Database.GetMigrations().Except(applied)];
        if (missing is [])
            return 0;

        try
        {
            // Created here because EF logs an error if it reads the table before it exists.
            await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken);
            context.Database.SetCommandTimeout(StatementTimeout);
            await context.Database.MigrateAsync(cancellationToken);
            return missing.Length;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SchemaRightsException(context.Database.GetDbConnection(), missing, exception);
        }
    }

    /// <returns>The migrations that the database has.</returns>
    public async Task<IReadOnlyCollection<string>> ReadAppliedAsync(CancellationToken cancellationToken)
    {
        // The tables are read first: a replica that migrates meanwhile commits them together with its history.
        List<string> tables = [.. await ReadAsync(SelectTables, cancellationToken)];
        if (tables.Find(table => table.EndsWith(HistoryTable, StringComparison.Ordinal)) is { } history)
        {
            // Another application's history may have other column names: those rows read as null.
            var applied = await ReadAsync($"select to_jsonb(h) ->> 'migration_id' from {history} h", cancellationToken);
            if (applied.Intersect(context.Database.GetMigrations()).Any())
                return applied;
            if (applied.Count == 0)
                tables.Remove(history);
        }

        return tables.Count == 0
            ? []
            : throw new ForeignDatabaseException(context.Database.GetDbConnection().Database, tables);
    }

    private async Task<List<string>> ReadAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<string>();
        while (await row.ReadAsync(cancellationToken))
            values.Add(row.IsDBNull(0) ? "" : row.GetString(0));
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

/// <summary>The schema is not up to date, and the user may not change it.</summary>
internal sealed class SchemaRightsException(
    System.Data.Common.DbConnection connection, IReadOnlyCollection<string> missing, Exception inner) : Exception(
        $"The schema of the database '{connection.Database}' lacks {missing.Count} migration(s), and the user of "
        + "ConnectionStrings:orders may not change it. Run Shop.Migrations (docs/operations.md).",
        inner);
