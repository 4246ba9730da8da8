using Microsoft.Extensions.Options;
using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>Looks at the slot about once a second.</summary>
internal sealed partial class RelayLagMonitor(
    RelayDatabase database, RelayLag lag, IOptions<RelayOptions> options, TimeProvider time,
    ILogger<RelayLagMonitor> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.LagInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ObserveAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                lag.Lost();
                Log.Failed(logger, exception.Message);
            }
        }
    }

    private async Task ObserveAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            select pg_current_wal_insert_lsn(), confirmed_flush_lsn from pg_replication_slots
            where slot_name = $1 and wal_status <> 'lost'
            """);
        command.Parameters.Add(new() { Value = database.Slot });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(1))
        {
            lag.Observe(
                reader.GetFieldValue<NpgsqlLogSequenceNumber>(0), reader.GetFieldValue<NpgsqlLogSequenceNumber>(1));
        }
        else
        {
            lag.Lost();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "The slot's lag is not known: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
