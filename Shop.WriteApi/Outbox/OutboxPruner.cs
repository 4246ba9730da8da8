using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Shop.ServiceDefaults.Background;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Deletes rows that are older than the retention period and published. Neither ids nor times prove that a row is
/// published. A row that was visible before the log reached some position is, once the slot has confirmed that position.
/// </summary>
/// <remarks>
/// It reads windows of the table in id order, from the oldest on, and stops at the first window without an old row.
/// Several replicas may prune at once: each skips the rows that another one is deleting.
/// </remarks>
internal sealed class OutboxPruner(
    RelayDatabase database, RelayMetrics metrics, IOptions<RelayOptions> options, LoopServices services)
    : SupervisedLoop("Outbox pruning", services)
{
    private const string SelectWindow = "select id, occurred_at < $1 from outbox where id > $2 order by id limit $3";

    // A statement of its own, because it must run after the window was read.
    private const string SelectPosition = "select pg_current_wal_insert_lsn()";

    private const string SelectIsPublished =
        "select exists (select from pg_replication_slots where slot_name = $1 and confirmed_flush_lsn >= $2)";

    private const string Delete = """
        delete from outbox
        where ctid = any (array(select ctid from outbox where id = any ($1) for update skip locked))
        """;

    private const int PublishedPolls = 20;
    private static readonly TimeSpan PublishedPoll = TimeSpan.FromMilliseconds(100);

    private readonly RelayOptions _options = options.Value;

    protected override TimeSpan Interval => _options.PruneInterval;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var before = (Time.GetUtcNow() - _options.Retention).UtcDateTime;
        var window = new Window([], _options.PruneBatch, LastId: 0, SeenBefore: default);
        do
        {
            window = await ReadWindowAsync(before, window.LastId, cancellationToken);
            if (window.OldIds.Count == 0 || !await IsPublishedAsync(window.SeenBefore, cancellationToken))
                return;

            await using var delete = database.CreateCommand(Delete);
            delete.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. window.OldIds] });
            metrics.Pruned(await delete.ExecuteNonQueryAsync(cancellationToken));
        }
        while (window.Count == _options.PruneBatch);
    }

    private async Task<Window> ReadWindowAsync(DateTime before, long after, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(SelectWindow)
        {
            Parameters =
            {
                new NpgsqlParameter<DateTime> { TypedValue = before },
                new NpgsqlParameter<long> { TypedValue = after },
                new NpgsqlParameter<int> { TypedValue = _options.PruneBatch },
            },
        });
        batch.BatchCommands.Add(new(SelectPosition));

        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var (old, count, last) = (new List<long>(), 0, after);
        for (; await row.ReadAsync(cancellationToken); count++)
        {
            last = row.GetInt64(0);
            if (row.GetBoolean(1))
                old.Add(last);
        }

        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new(old, count, last, row.GetFieldValue<NpgsqlLogSequenceNumber>(0));
    }

    // The confirmed position follows within a moment, unless the broker or the relay is down.
    private async Task<bool> IsPublishedAsync(NpgsqlLogSequenceNumber position, CancellationToken cancellationToken)
    {
        for (var poll = 0; poll < PublishedPolls; poll++)
        {
            await using var command = database.CreateCommand(SelectIsPublished);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database.Slot });
            command.Parameters.Add(new() { Value = position, NpgsqlDbType = NpgsqlDbType.PgLsn });
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
                return true;

            await Task.Delay(PublishedPoll, Time, cancellationToken);
        }

        return false;
    }

    /// <param name="SeenBefore">Every row of the window was committed before this position of the log.</param>
    private sealed record Window(List<long> OldIds, int Count, long LastId, NpgsqlLogSequenceNumber SeenBefore);
}
