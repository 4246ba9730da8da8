using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.ReadModel.Consistency;

namespace Shop.ReadModel.PostgreSql;

/// <summary>
/// Hears, from the transactions that write documents, which versions have become visible. While the connection is down
/// the readers poll.
/// </summary>
internal sealed partial class VersionListener(
    NpgsqlDataSource dataSource, VersionAwaiter awaiter, TimeProvider time, ILogger<VersionListener> logger)
    : BackgroundService
{
    private const string Channel = "shop_order_versions";
    private const int MaxToldByName = 100; // A payload has room for 8,000 bytes, a version takes some 45.

    /// <summary>A column that tells of the rows (id, version) of a query: each, or of many only that there are some.</summary>
    public static readonly string Tell =
        $"""
        CASE WHEN count(*) > 0 THEN pg_notify('{Channel}', CASE WHEN count(*) <= {MaxToldByName}
            THEN string_agg(id || ':' || version, ' ') ELSE '' END) END
        """;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (NpgsqlException exception)
            {
                Log.Deaf(logger, exception.Message);
            }
            finally
            {
                awaiter.IsTold = false;
            }

            await Task.Delay(RetryDelay, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        awaiter.IsTold = true;
        awaiter.Look(); // What became visible before this moment is not told.
        while (true)
            await connection.WaitAsync(cancellationToken);
    }

    private void Hear(string payload)
    {
        if (payload.Length == 0)
        {
            awaiter.Look();
            return;
        }

        awaiter.Tell(payload.Split(' ').Select(told => told.Split(':')).ToDictionary(
            told => Guid.Parse(told[0]), told => long.Parse(told[1], CultureInfo.InvariantCulture)));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "New versions are polled for until the read store can be listened to again: "
            + "{Reason}")]
        public static partial void Deaf(ILogger logger, string reason);
    }
}
