using Microsoft.Extensions.Options;
using Npgsql;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Keeps one session running for as long as the service lives. The slot has one reader: the replicas that do not get
/// it are standbys and take over when it is free.
/// </summary>
internal sealed partial class OutboxRelay(
    IServiceProvider services, RelayDatabase database, ReplicationSlot slot, RelayMetrics metrics,
    IOptions<RelayOptions> options, TimeProvider time, ILogger<OutboxRelay> logger) : BackgroundService
{
    private readonly RelayOptions _options = options.Value;
    private EventPublisher? _publisher;
    private bool _standby;

    public override void Dispose()
    {
        _publisher?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RelayAsync(stoppingToken);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ObjectInUse)
            {
                StandBy();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                metrics.Failed();
                Log.Interrupted(logger, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(_options.RetryDelay, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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

        await using var session = new ReplicationSession(database, publisher, _options, time);
        await session.RunAsync(cancellationToken);
    }

    private async Task<EventPublisher> PublisherAsync()
    {
        if (_publisher is { Failure.IsCompleted: true })
        {
            _publisher.Dispose();
            _publisher = null;
        }

        if (_publisher is null)
        {
            var publisher = ActivatorUtilities.CreateInstance<EventPublisher>(services);
            try
            {
                await publisher.EnsureTopicAsync();
                _publisher = publisher;
            }
            finally
            {
                if (_publisher is null)
                    publisher.Dispose();
            }
        }

        return _publisher;
    }

    private void StandBy()
    {
        if (!_standby)
            Log.StandingBy(logger, database.Slot);
        _standby = true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The relay was interrupted; it starts again from what is confirmed")]
        public static partial void Interrupted(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Information, "Another relay has the slot {Slot}; standing by")]
        public static partial void StandingBy(ILogger logger, string slot);
    }
}
