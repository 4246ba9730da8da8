using System.Globalization;
using Npgsql;
using Shop.ReadModel.Consistency;
using Shop.ServiceDefaults.Background;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// Listens for the notifications of transactions that write documents, so that waiting readers need not poll for new
/// versions. While the connection is down, they poll.
/// </summary>
internal sealed class VersionListener(NpgsqlDataSource dataSource, VersionAwaiter awaiter, LoopServices services)
    : SupervisedLoop("version listener", services)
{
    private const string Channel = "shop_order_versions";

    /// <summary>A payload has room for 8,000 bytes, and a version takes about 82.</summary>
    private const int MaxNamedVersions = 90;

    /// <summary>
    /// A column that sends a notification with the rows (id, version, customer_id) of a query. If one payload cannot hold them, the
    /// notification lists no rows.
    /// </summary>
    public static readonly string Notify =
        $"""
        CASE WHEN count(*) > 0 THEN pg_notify('{Channel}', CASE WHEN count(*) <= {MaxNamedVersions}
            THEN string_agg(id || ':' || version || ':' || customer_id, ' ') ELSE '' END) END
        """;

    /// <summary>How long the connection may be silent before it is probed.</summary>
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(10);

    protected override TimeSpan Interval => TimeSpan.Zero;

    /// <summary>Listens until the connection fails, which throws.</summary>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            connection.Notification += (_, notification) => Receive(notification.Payload);
            await ExecuteAsync(connection, $"LISTEN {Channel}", cancellationToken);
            awaiter.IsListening = true;
            while (true)
            {
                if (!await connection.WaitAsync(ProbeInterval, cancellationToken))
                    await ExecuteAsync(connection, "SELECT 1", cancellationToken);
            }
        }
        finally
        {
            awaiter.IsListening = false;
        }
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Receive(string payload)
    {
        string[][] named = [.. payload.Split(' ').Select(order => order.Split(':'))];
        // A projector of an earlier version does not name the customers.
        if (named.Any(order => order.Length < 3))
        {
            awaiter.CheckAll();
            return;
        }

        awaiter.Notify(named.ToDictionary(
            order => Guid.Parse(order[0]),
            order => new VisibleVersion(
                long.Parse(order[1], CultureInfo.InvariantCulture), Guid.Parse(order[2]))));
    }
}
