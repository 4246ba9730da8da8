using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>One run of the relay, from taking the slot to the first failure.</summary>
internal sealed class ReplicationSession(
    RelayDatabase database, EventPublisher publisher, RelayOptions options, TimeProvider time) : IAsyncDisposable
{
    private const int MaxUnacknowledgedHeartbeats = 10;
    private static readonly TimeSpan PartitionsInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(5);

    private readonly LogicalReplicationConnection _connection = database.CreateReplicationConnection();
    private readonly AckTracker _tracker = new();
    // Shorter than the lag that is unhealthy, so that the broker is named at once.
    private readonly TimeSpan _stallLimit = TimeSpan.FromTicks(Math.Min(LongestStall.Ticks, options.MaxLag.Ticks / 2));
    private NpgsqlLogSequenceNumber _confirmed;

    /// <summary>Raised with the first message, which shows that the slot is this session's.</summary>
    public event Action? Activated;

    public bool IsActive { get; private set; }

    /// <summary>Why messages wait for the broker; null if they do not, or not for long.</summary>
    public string? BrokerProblem => _tracker.IsIdle ? null
        : publisher.LastError
        ?? (publisher.SinceLastAcknowledgement < _stallLimit ? null : "It does not acknowledge messages.");

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _connection.Open(cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] work =
        [
            ReadAsync(ending.Token), ConfirmAsync(ending.Token), EmitHeartbeatsAsync(ending.Token),
            RefreshPartitionsAsync(ending.Token),
        ];
        var first = await Task.WhenAny([.. work, publisher.Failure]);
        await ending.CancelAsync();
        await Task.WhenAll(work).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var slot = new PgOutputReplicationSlot(database.Slot);
        var protocol = new PgOutputReplicationOptions(
            options.Publication, PgOutputProtocolVersion.V1, binary: true, messages: true);
        AckTracker.Transaction? transaction = null;
        await foreach (var message in _connection.StartReplication(slot, protocol, cancellationToken))
        {
            if (!IsActive)
            {
                IsActive = true;
                Activated?.Invoke();
            }

            switch (message)
            {
                case BeginMessage begin:
                    transaction = _tracker.Begin(begin.TransactionCommitTimestamp);
                    break;
                case InsertMessage insert:
                    var row = await OutboxEvent.ReadAsync(insert.NewRow, cancellationToken);
                    await publisher.PublishAsync(row, transaction!, cancellationToken);
                    break;
                case LogicalDecodingMessage { Prefix: RelayDatabase.HeartbeatPrefix, Flags: 1 }:
                    await publisher.PublishHeartbeatAsync(transaction!, cancellationToken);
                    break;
                case CommitMessage commit:
                    transaction!.Complete(commit.TransactionEndLsn);
                    break;
            }
        }
    }

    private async Task ConfirmAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.ConfirmInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                await ConfirmOnceAsync(cancellationToken);
        }
        finally
        {
            // The next session need not send again what is acknowledged by now.
            if (!publisher.Failure.IsCompleted)
                await ConfirmOnceAsync(CancellationToken.None);
        }
    }

    private async Task ConfirmOnceAsync(CancellationToken cancellationToken)
    {
        var confirmable = _tracker.AdvanceTo(_connection.LastReceivedLsn);
        if (confirmable <= _confirmed)
            return;

        _connection.SetReplicationStatus(confirmable);
        await _connection.SendStatusUpdate(cancellationToken);
        _confirmed = confirmable;
    }

    // A few heartbeats in flight show the lag. Without a limit an outage of the broker would leave many to publish.
    private async Task EmitHeartbeatsAsync(CancellationToken cancellationToken)
    {
        var emitted = new Queue<NpgsqlLogSequenceNumber>();
        using var timer = new PeriodicTimer(options.HeartbeatInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            while (emitted.TryPeek(out var oldest) && oldest < _tracker.LowWaterMark)
                emitted.Dequeue();
            if (emitted.Count < MaxUnacknowledgedHeartbeats
                && await database.EmitHeartbeatAsync(_connection.ProcessID, cancellationToken) is { } position)
                emitted.Enqueue(position);
        }
    }

    private async Task RefreshPartitionsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(PartitionsInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            await Task.Run(publisher.RefreshPartitions, cancellationToken);
    }
}
