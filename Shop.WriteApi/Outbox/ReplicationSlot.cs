using Microsoft.Extensions.Options;
using Npgsql;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// The publication and the slot. If the slot exists, everything that was committed before it began is published: a
/// missing or lost one is replaced by a copy of a temporary slot, after the table has been published once more. A relay
/// that fails in between leaves no slot, and the next one starts again.
/// </summary>
internal sealed partial class ReplicationSlot(
    RelayDatabase database, RelayMetrics metrics, IOptions<RelayOptions> options, ILogger<ReplicationSlot> logger)
{
    private const int PageSize = 1_000;
    private const int MaxNameLength = 63;

    private static readonly TimeSpan AcknowledgementPoll = TimeSpan.FromMilliseconds(20);

    private static readonly string SelectPage =
        $"""
        select {OutboxEvent.Columns} from outbox
        where (order_id, version) > ($1, $2) order by order_id, version limit {PageSize}
        """;

    private readonly string _publication = options.Value.Publication;

    /// <summary>Creates publication and slot unless both are usable.</summary>
    /// <returns>False if another replica is creating them.</returns>
    public async Task<bool> EnsureAsync(EventPublisher publisher, CancellationToken cancellationToken)
    {
        if (await IsUsableAsync(cancellationToken))
            return true;

        // Not from the pool: the lock and the temporary slot end with this database session.
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"select pg_try_advisory_lock(hashtext('{database.Slot}'))", connection);
        var isLocked = (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (isLocked && !await IsUsableAsync(cancellationToken))
            await CreateAsync(connection, publisher, cancellationToken);
        return isLocked;
    }

    private async Task<bool> IsUsableAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select exists (select from pg_publication where pubname = $1)
               and exists (select from pg_replication_slots where slot_name = $2 and wal_status <> 'lost')
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _publication });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database.Slot });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task CreateAsync(
        NpgsqlConnection connection, EventPublisher publisher, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection,
            $"""
            select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{database.Slot}';
            select create_outbox_publication($publication${_publication}$publication$)
            """, cancellationToken);
        var suffix = $"_{Environment.ProcessId}";
        var temporary = database.Slot[..Math.Min(database.Slot.Length, MaxNameLength - suffix.Length)] + suffix;
        await ExecuteAsync(connection,
            $"select pg_create_logical_replication_slot('{temporary}', 'pgoutput', true)", cancellationToken);
        var events = await RepublishAsync(publisher, cancellationToken);
        await ExecuteAsync(connection,
            $"select pg_copy_logical_replication_slot('{temporary}', '{database.Slot}', false)", cancellationToken);
        Log.Created(logger, database.Slot, events);
    }

    /// <summary>Publishes each order's rows in the order of its versions, and waits for the acknowledgements.</summary>
    private async Task<long> RepublishAsync(EventPublisher publisher, CancellationToken cancellationToken)
    {
        var tracker = new AckTracker();
        var transaction = tracker.Begin(committedAt: null);
        var total = 0L;
        var page = await ReadPageAsync(Guid.Empty, 0, cancellationToken);
        for (; page.Count > 0; page = await ReadPageAsync(page[^1].OrderId, page[^1].Version, cancellationToken))
        {
            foreach (var row in page)
                await publisher.PublishAsync(row, transaction, cancellationToken);
            total += page.Count;
        }

        transaction.Complete(default);
        while (!tracker.IsIdle)
        {
            if (publisher.Failure.IsCompleted)
                await publisher.Failure;
            await Task.Delay(AcknowledgementPoll, cancellationToken);
        }

        metrics.Republished(total);
        return total;
    }

    private async Task<List<OutboxEvent>> ReadPageAsync(
        Guid afterOrder, long afterVersion, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(SelectPage);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = afterOrder });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = afterVersion });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<OutboxEvent>();
        while (await row.ReadAsync(cancellationToken))
            rows.Add(OutboxEvent.Read(row));
        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Created the replication slot {Slot}, after {Events} events of the outbox "
            + "table were published")]
        public static partial void Created(ILogger logger, string slot, long events);
    }
}
