using Npgsql.Replication;
using Npgsql.Replication.PgOutput;
using Npgsql.Replication.PgOutput.Messages;
using NpgsqlTypes;

namespace Shop.WriteApi.Relay;

/// <summary>One run of the relay: from taking the slot to the first failure.</summary>
internal sealed class ReplicationSession(
    RelayDatabase database, EventPublisher publisher, RelayOptions options, TimeProvider time) : IAsyncDisposable
{
    private readonly LogicalReplicationConnection _connection = database.CreateReplicationConnection();
    private readonly PublishedPrefix _prefix = new();
    private NpgsqlLogSequenceNumber _confirmed;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _connection.Open(cancellationToken);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(ending.Token);
        var confirming = ConfirmAsync(ending.Token);
        var first = await Task.WhenAny(reading, confirming, publisher.Failure);
        await ending.CancelAsync();
        await Task.WhenAll(reading, confirming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var slot = new PgOutputReplicationSlot(database.Slot);
        var protocol = new PgOutputReplicationOptions(
            options.Publication, PgOutputProtocolVersion.V1, binary: true);
        PublishedPrefix.Transaction? transaction = null;
        DateTimeOffset committedAt = default;
        await foreach (var message in _connection.StartReplication(slot, protocol, cancellationToken))
        {
            switch (message)
            {
                case BeginMessage begin:
                    transaction = _prefix.Begin();
                    committedAt = begin.TransactionCommitTimestamp;
                    break;
                case InsertMessage insert:
                    var row = await OutboxEventReader.ReadAsync(insert.NewRow, cancellationToken);
                    await publisher.PublishAsync(row, transaction!, committedAt, cancellationToken);
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
            // What is acknowledged by now need not be sent again by the next session.
            if (!publisher.Failure.IsCompleted)
                await ConfirmOnceAsync(CancellationToken.None);
        }
    }

    private async Task ConfirmOnceAsync(CancellationToken cancellationToken)
    {
        var confirmable = _prefix.Confirmable(_connection.LastReceivedLsn);
        if (confirmable <= _confirmed)
            return;

        _connection.SetReplicationStatus(confirmable);
        await _connection.SendStatusUpdate(cancellationToken);
        _confirmed = confirmable;
    }
}
