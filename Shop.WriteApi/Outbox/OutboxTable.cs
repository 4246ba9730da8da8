using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>What the relay does with the table beside reading its inserts from the log.</summary>
internal sealed class OutboxTable(RelayDatabase database)
{
    /// <summary>Every row, each order's in the order of its versions.</summary>
    public async IAsyncEnumerable<OutboxEvent> RowsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            $"select {OutboxEvent.Columns} from outbox order by order_id, version");
        command.CommandTimeout = 0;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            yield return OutboxEvent.Read(reader);
    }

    /// <summary>The keys of some rows that happened before, and the end of the log after they were seen.</summary>
    public async Task<PruneCandidates> CandidatesAsync(
        DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        List<Guid> ids = [];
        List<long> versions = [];
        await using var connection = await database.OpenAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(
            "select order_id, version from outbox where occurred_at < $1 limit $2", connection))
        {
            command.Parameters.Add(new() { Value = before.ToUniversalTime() });
            command.Parameters.Add(new() { Value = limit });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
                versions.Add(reader.GetInt64(1));
            }
        }

        await using var position = new NpgsqlCommand("select pg_current_wal_insert_lsn()", connection);
        var seenBefore = (NpgsqlLogSequenceNumber)(await position.ExecuteScalarAsync(cancellationToken))!;
        return new([.. ids], [.. versions], seenBefore);
    }

    public async Task<int> DeleteAsync(PruneCandidates rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            delete from outbox using unnest($1, $2) as published(order_id, version)
            where outbox.order_id = published.order_id and outbox.version = published.version
            """);
        command.Parameters.Add(new() { Value = rows.OrderIds });
        command.Parameters.Add(new() { Value = rows.Versions });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <param name="SeenBefore">Every one of these rows was committed before this position of the log.</param>
internal sealed record PruneCandidates(Guid[] OrderIds, long[] Versions, NpgsqlLogSequenceNumber SeenBefore);
