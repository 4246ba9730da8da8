using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;

namespace Shop.ReadModel.PostgreSql;

internal sealed class PostgreSqlOrderIndex(NpgsqlDataSource dataSource) : IOrderIndex
{
    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        Guarded(PostgreSqlSchema.EnsureCreatedAsync(dataSource, cancellationToken));

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, OrderUpsert.IfNewer, cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, OrderUpsert.UnlessOlder, cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            WITH gone AS (DELETE FROM {PostgreSqlSchema.Documents} WHERE id = ANY($1))
            DELETE FROM {PostgreSqlSchema.Summaries} WHERE id = ANY($1)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        await Guarded(command.ExecuteNonQueryAsync(cancellationToken));
    }

    public async IAsyncEnumerable<OrderVersion> VersionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"SELECT id, version FROM {PostgreSqlSchema.Summaries} ORDER BY id");
        command.CommandTimeout = 0; // One statement is one snapshot, and lasts as long as its reader takes.
        await using var reader = await Guarded(command.ExecuteReaderAsync(cancellationToken));
        while (await Guarded(reader.ReadAsync(cancellationToken)))
            yield return new(reader.GetGuid(0), reader.GetInt64(1));
    }

    public async Task SaveFreshnessAsync(
        IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            INSERT INTO {PostgreSqlSchema.Freshness} AS stored
            SELECT * FROM unnest($1, $2) AS t (partition, as_of) ORDER BY partition
            ON CONFLICT (partition) DO UPDATE SET as_of = greatest(stored.as_of, excluded.as_of)
            """);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. asOf.Keys] });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = asOf.Values.Select(moment => moment.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        await Guarded(command.ExecuteNonQueryAsync(cancellationToken));
    }

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<OrderDocument> documents, string guard, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        try
        {
            await using var command = OrderUpsert.Create(dataSource, documents, guard);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            HashSet<Guid> written = [];
            while (await reader.ReadAsync(cancellationToken))
                written.Add(reader.GetGuid(0));

            return [.. documents.Select(document => new IndexOutcome(
                document.Id, written.Contains(document.Id) ? IndexResult.Applied : IndexResult.AlreadyNewer))];
        }
        catch (PostgresException refusal) when (refusal.IsRefusal())
        {
            return documents.Count == 1
                ? [new(documents[0].Id, IndexResult.Rejected, refusal.MessageText)]
                : await WriteHalvesAsync(documents, guard, cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }

    // One document that can never be stored must not keep the others out: halving finds it in few round trips.
    private async Task<IReadOnlyList<IndexOutcome>> WriteHalvesAsync(
        IReadOnlyList<OrderDocument> documents, string guard, CancellationToken cancellationToken)
    {
        var half = documents.Count / 2;
        var first = await WriteAsync([.. documents.Take(half)], guard, cancellationToken);
        var second = await WriteAsync([.. documents.Skip(half)], guard, cancellationToken);
        return [.. first, .. second];
    }

    private static async Task<T> Guarded<T>(Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }
}
