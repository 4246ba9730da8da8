using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using OpenTelemetry;
using Shop.ServiceDefaults.Background;

namespace Shop.WriteApi.Outbox.Health;

/// <summary>Observes the slot about once a second, whichever replica has it.</summary>
internal sealed class RelayLagMonitor(
    RelayDatabase database, RelayLag lag, IOptions<RelayOptions> options, LoopServices services)
    : SupervisedLoop("Relay lag", services)
{
    private const string Select = """
        select pg_current_wal_insert_lsn(), confirmed_flush_lsn, active, wal_status from pg_replication_slots
        where slot_name = $1
        """;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private volatile string? _slotProblem;
    private Task<string?> _question = Task.FromResult<string?>(null);

    /// <summary>Why nobody reads the slot; null if a relay does.</summary>
    public string? SlotProblem => _slotProblem;

    protected override TimeSpan Interval => options.Value.LagInterval;

    protected override TimeSpan RetryDelay => options.Value.LagInterval;

    protected override TimeSpan MaxRetryDelay => options.Value.LagInterval;

    /// <summary>Asks the database now. Concurrent callers share one question.</summary>
    /// <returns>Why it does not answer; null if it does.</returns>
    public Task<string?> FindDatabaseProblemAsync()
    {
        lock (_lock)
        {
            if (_question.IsCompleted)
                _question = AskAsync();
            return _question;
        }
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            await ObserveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The write database did not answer within {Timeout.TotalSeconds:F0} s.");
        }
    }

    private async Task<string?> AskAsync()
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        try
        {
            await RunOnceAsync(CancellationToken.None);
            return null;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            return exception.Message;
        }
    }

    private async Task ObserveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database.Slot });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken) || row.IsDBNull(1))
        {
            _slotProblem = $"The replication slot '{database.Slot}' does not exist.";
            return;
        }

        var isLost = row.GetString(3) == "lost";
        _slotProblem = isLost ? $"The replication slot '{database.Slot}' is lost (max_slot_wal_keep_size)."
            : row.GetBoolean(2) ? null
            : $"No relay reads the replication slot '{database.Slot}'.";
        if (!isLost)
            lag.Observe(row.GetFieldValue<NpgsqlLogSequenceNumber>(0), row.GetFieldValue<NpgsqlLogSequenceNumber>(1));
    }
}
