using Microsoft.Extensions.Options;
using Npgsql;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// The publication and the slot. That the slot exists means that everything committed before it began is published:
/// a missing or lost one is replaced by a copy of a temporary slot, after the table has been published once more.
/// A relay that dies in between leaves no slot, and the next one starts over.
/// </summary>
internal sealed partial class ReplicationSlot(
    RelayDatabase database, OutboxTable table, RelayMetrics metrics, IOptions<RelayOptions> options,
    ILogger<ReplicationSlot> logger)
{
    private static readonly TimeSpan AcknowledgementPoll = TimeSpan.FromMilliseconds(20);

    private readonly string _publication = options.Value.Publication;

    /// <summary>Makes sure of both.</summary>
    /// <returns>False where another replica is at it just now.</returns>
    public async Task<bool> EnsureAsync(EventPublisher publisher, CancellationToken cancellationToken)
    {
        if (await IsUsableAsync(cancellationToken))
            return true;

        // Not of the pool's: the lock and the temporary slot belong to this session and end with it.
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        var isFirst = await ScalarAsync<bool>(
            connection, $"select pg_try_advisory_lock(hashtext('{database.Slot}'))", cancellationToken);
        if (!isFirst)
            return false;
        if (await IsUsableAsync(cancellationToken))
            return true;

        await CreateAsync(connection, publisher, cancellationToken);
        return true;
    }

    private async Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select exists (select from pg_publication where pubname = $1)
               and exists (select from pg_replication_slots where slot_name = $2 and wal_status <> 'lost')
            """);
        command.Parameters.Add(new() { Value = _publication });
        command.Parameters.Add(new() { Value = database.Slot });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CreateAsync(
        NpgsqlConnection connection, EventPublisher publisher, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection,
            $"""
            select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{database.Slot}';
            drop publication if exists "{_publication}";
            create publication "{_publication}" for table outbox with (publish = 'insert')
            """, cancellationToken);
        var temporary = $"{database.Slot[..Math.Min(database.Slot.Length, 55)]}_{Environment.ProcessId}";
        await ExecuteAsync(connection,
            $"select pg_create_logical_replication_slot('{temporary}', 'pgoutput', true)", cancellationToken);
        var events = await RepublishAsync(publisher, cancellationToken);
        await ExecuteAsync(connection,
            $"select pg_copy_logical_replication_slot('{temporary}', '{database.Slot}', false)", cancellationToken);
        Log.Created(logger, database.Slot, events);
    }

    private async Task<long> RepublishAsync(EventPublisher publisher, CancellationToken cancellationToken)
    {
        var count = 0L;
        var tracker = new AckTracker();
        var transaction = tracker.Begin(committedAt: null);
        await foreach (var row in table.RowsAsync(cancellationToken))
        {
            await publisher.PublishAsync(row, transaction, cancellationToken);
            count++;
        }

        transaction.Complete(default);
        while (!tracker.IsIdle)
        {
            if (publisher.Failure.IsCompleted)
                await publisher.Failure;
            await Task.Delay(AcknowledgementPoll, cancellationToken);
        }

        metrics.Republished(count);
        return count;
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Created the replication slot {Slot}; {Events} events of the table were "
            + "published before it")]
        public static partial void Created(ILogger logger, string slot, long events);
    }
}
