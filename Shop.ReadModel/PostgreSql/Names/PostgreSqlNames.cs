using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Shop.ReadModel.Names;
using Shop.ReadModel.PostgreSql.Client;

namespace Shop.ReadModel.PostgreSql.Names;

/// <summary>The names in one table, or in the live one and, while there is one, its shadow.</summary>
internal class PostgreSqlNames(NpgsqlDataSource dataSource, string table) : INameGeneration
{
    private const int PageSize = 5_000;

    /// <summary>Counting the orders of frequent products reads most of the orders.</summary>
    private const int TimeoutSeconds = 60;

    protected NpgsqlDataSource DataSource => dataSource;

    public async Task ApplyAsync(IReadOnlyList<NameEntry> names, CancellationToken cancellationToken)
    {
        foreach (var some in names.Chunk(PageSize))
            await WriteAsync(table => NameStatements.Apply(table, some), cancellationToken);
    }

    public async Task<int> CountAsync(
        IReadOnlyCollection<NameKey> names, DateTimeOffset addedBefore, CancellationToken cancellationToken)
    {
        var corrected = 0L;
        foreach (var some in names.Chunk(PageSize))
            corrected += await WriteAsync(table => NameStatements.Count(table, some, addedBefore), cancellationToken);
        return (int)corrected;
    }

    public async IAsyncEnumerable<IReadOnlyList<NameKey>> KeysAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = new NameKey(NameKind.Customer, "");
        List<NameKey> page;
        do
        {
            await using var command = dataSource.CreateCommand(
                $"SELECT kind, id FROM {table} WHERE (kind, id) > ($1, $2) ORDER BY kind, id LIMIT {PageSize}");
            command.Parameters.AddValue((short)after.Kind);
            command.Parameters.AddValue(after.Id);
            page = await ReadKeysAsync(command, cancellationToken);
            if (page.Count > 0)
                yield return page;
            after = page is [.., var last] ? last : after;
        }
        while (page.Count == PageSize);
    }

    protected static Task<List<NameKey>> ReadKeysAsync(NpgsqlCommand command, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(command.ReadAllAsync(
            reader => new NameKey((NameKind)reader.GetInt16(0), reader.GetString(1)), cancellationToken));

    /// <summary>The tables to write to, in a transaction that holds the shared lock.</summary>
    protected virtual Task<string[]> TablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<string[]>([table]);

    /// <returns>The result of the first table's statement.</returns>
    private async Task<long> WriteAsync(
        Func<string, NpgsqlBatchCommand> write, CancellationToken cancellationToken)
    {
        return await PostgreSqlErrors.Guarded(WriteAsync());

        async Task<long> WriteAsync()
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var locking = new NpgsqlCommand(NameTables.SharedLock, connection, transaction))
                await locking.ExecuteNonQueryAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = TimeoutSeconds };
            foreach (var each in await TablesAsync(connection, cancellationToken))
                batch.BatchCommands.Add(write(each));
            var result = await batch.ExecuteScalarAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return result as long? ?? 0;
        }
    }
}

internal sealed class PostgreSqlNameIndex(NpgsqlDataSource dataSource)
    : PostgreSqlNames(dataSource, NameTables.Live), INameIndex
{
    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(NameTables.EnsureCreatedAsync(DataSource, cancellationToken));

    public async Task<INameGeneration> CreateShadowAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(NameTables.CreateShadow, cancellationToken);
        return new PostgreSqlNames(DataSource, NameTables.Shadow);
    }

    public Task CutOverAsync(CancellationToken cancellationToken) => ExecuteAsync(NameTables.CutOver, cancellationToken);

    public async Task<IReadOnlyList<NameKey>> MissingAsync(int limit, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(NameStatements.Missing);
        command.CommandTimeout = 0;
        command.Parameters.AddValue((long)limit);
        return await ReadKeysAsync(command, cancellationToken);
    }

    public async Task<IReadOnlyList<NameEntry>> ReadAsync(
        IReadOnlyCollection<NameKey> names, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand($"""
            SELECT kind, id, text, email, country, changed_at, version, order_id, latest
            FROM {NameTables.Live} JOIN unnest($1, $2) AS given (kind, id) USING (kind, id)
            """);
        command.Parameters.Add(NameStatements.Array(NpgsqlDbType.Smallint, names.Select(name => (short)name.Kind)));
        command.Parameters.Add(NameStatements.Array(NpgsqlDbType.Text, names.Select(name => name.Id)));
        return await PostgreSqlErrors.Guarded(command.ReadAllAsync(
            reader => new NameEntry(
                new((NameKind)reader.GetInt16(0), reader.GetString(1)), reader.GetString(2), reader.Text(3),
                reader.Text(4), reader.GetFieldValue<DateTimeOffset>(5), reader.GetInt64(6), reader.GetGuid(7),
                reader.GetFieldValue<DateTimeOffset>(8)),
            cancellationToken));
    }

    protected override async Task<string[]> TablesAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT to_regclass('{NameTables.Shadow}') IS NOT NULL", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true
            ? [NameTables.Live, NameTables.Shadow]
            : [NameTables.Live];
    }

    private Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        return PostgreSqlErrors.Guarded(ExecuteAsync());

        async Task ExecuteAsync()
        {
            await using var connection = await DataSource.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
