using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.ServiceDefaults.Background;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Runs one session after another. The slot admits one reader: replicas that do not get it stand by and take over when
/// it is free.
/// </summary>
internal sealed partial class OutboxRelay(
    IServiceProvider provider, RelayDatabase database, ReplicationSlot slot, RelayMetrics metrics,
    IOptions<RelayOptions> options, LoopServices services, ILogger<OutboxRelay> logger)
    : SupervisedLoop("Relay", services)
{
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(5);

    private readonly RelayOptions _options = options.Value;
    private volatile EventPublisher? _publisher;
    private volatile ReplicationSession? _session;
    private volatile Exception? _failure;
    private bool _standby;

    /// <summary>Whether this replica has the slot.</summary>
    public bool IsActive => _session is { IsActive: true };

    /// <summary>Why the broker holds the session up; null if it does not.</summary>
    public string? BrokerProblem => _failure is KafkaException failure ? failure.Error.Reason
        : _session is { } session ? session.BrokerProblem
        : _publisher?.LastError;

    /// <summary>Why the last session ended or could not begin; null once the next one is active.</summary>
    public string? SessionProblem => IsActive ? null : _failure?.Message;

    protected override TimeSpan Interval => _options.RetryDelay;

    protected override TimeSpan RetryDelay => _options.RetryDelay;

    protected override TimeSpan MaxRetryDelay => LongestRetryDelay;

    public override void Dispose()
    {
        _publisher?.Dispose();
        base.Dispose();
    }

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RelayAsync(cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            StandBy();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var wasActive = IsActive;
            _failure = exception;
            if (!wasActive)
            {
                metrics.Failed();
                throw;
            }

            metrics.Interrupted();
            Log.Interrupted(logger, exception);
        }
        finally
        {
            _session = null;
        }
    }

    private async Task RelayAsync(CancellationToken cancellationToken)
    {
        var publisher = await PublisherAsync();
        publisher.SetDatabaseId(await database.ReadIdentityAsync(cancellationToken));
        if (!await slot.EnsureAsync(publisher, cancellationToken))
        {
            StandBy();
            return;
        }

        await using var session = new ReplicationSession(database, publisher, _options, Time);
        _session = session;
        session.Activated += () => (_failure, _standby) = (null, false);
        await session.RunAsync(cancellationToken);
    }

    private async Task<EventPublisher> PublisherAsync()
    {
        if (_publisher is { Failure.IsCompleted: true })
        {
            _publisher.Dispose();
            _publisher = null;
        }

        if (_publisher is not null)
            return _publisher;

        _publisher = ActivatorUtilities.CreateInstance<EventPublisher>(provider);
        try
        {
            await _publisher.EnsureTopicAsync();
            return _publisher;
        }
        catch
        {
            _publisher.Dispose();
            _publisher = null;
            throw;
        }
    }

    private void StandBy()
    {
        if (!_standby)
            Log.StandingBy(logger, database.Slot);
        // The first time, the slot may still be held by this relay's own session that has just failed.
        if (_standby)
            _failure = null;
        _standby = true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The relay was interrupted. It restarts from the confirmed position")]
        public static partial void Interrupted(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "Another relay has the slot {Slot}. This one stands by")]
        public static partial void StandingBy(ILogger logger, string slot);
    }
}
