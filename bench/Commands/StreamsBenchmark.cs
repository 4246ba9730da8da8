using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Shop.Bench.Hosting;
using Shop.Bench.Reporting;

namespace Shop.Bench.Commands;

/// <summary>Reads the internal streams of many orders and measures whether the write API's memory grows.</summary>
internal static class StreamsBenchmark
{
    private const int Orders = 1_000_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Without the foreign keys' triggers: the rows agree, and four million checks take longer than all the rest.
    private const string Fill = """
        set session_replication_role = replica;
        insert into customers (id, version, name, email, country)
            values ('00000000-0000-0000-0000-000000000001', 1, 'Ada Lovelace', 'ada@example.org', 'GB');
        insert into orders (id, number, version, status, currency, total, recipient, street, postal_code, city, country,
            note, placed_at, updated_at, customer_id, customer_version, customer_name, customer_email, customer_country)
            select md5(i::text)::uuid, 'S' || i, 1, 'placed', 'EUR', 17800, 'Ada Lovelace', i || ' St James''s Square',
                'SW1Y 4JH', 'London', 'GB', 'Leave it with the porter', now(), now(),
                '00000000-0000-0000-0000-000000000001', 1, 'Ada Lovelace', 'ada@example.org', 'GB'
            from generate_series(1, $1) i;
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
            select md5(i::text)::uuid, 1, 'KM-1007', 'Mechanical keyboard', 'Computers', 1, 12900
            from generate_series(1, $1) i;
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
            select md5(i::text)::uuid, 2, 'LI-1007', 'Desk lamp', 'Lighting', 1, 4900 from generate_series(1, $1) i;
        insert into order_events (order_id, version, type, occurred_at)
            select md5(i::text)::uuid, 1, 'placed', now() from generate_series(1, $1) i;
        analyze orders, order_lines, order_events
        """;

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var count = options.Quick ? Orders / 10 : Orders;
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        await FillAsync(shop.ConnectionString("orders"), count, cancellationToken);

        var report = new Report("streams", "dotnet run -c Release --project bench -- streams");
        report.Header("stream", "lines", "MB", "seconds", "write API MiB before", "highest while it ran");
        foreach (var path in (string[])["versions", "states", "versions", "states"])
            await MeasureAsync(shop, path, report, cancellationToken);
        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task FillAsync(string connectionString, int count, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var sql in Fill.Split(';'))
        {
            var statement = sql.Replace("$1", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task MeasureAsync(
        ShopProcess shop, string path, Report report, CancellationToken cancellationToken)
    {
        var service = ShopProcess.ProcessOf("Shop.WriteApi");
        var before = CpuClock.Memory(service);
        var highest = before;
        var watch = Stopwatch.StartNew();
        var reading = ReadAsync(shop.WriteApi, $"/internal/orders/{path}", cancellationToken);
        while (!reading.IsCompleted)
        {
            highest = Math.Max(highest, CpuClock.Memory(service));
            await Task.WhenAny(reading, Task.Delay(Pause, cancellationToken));
        }

        var (lines, bytes) = await reading;
        report.Row(
            path, lines, Whole(bytes / 1e6), Whole(watch.Elapsed.TotalSeconds), Whole(before), Whole(highest));
    }

    private static async Task<(long Lines, long Bytes)> ReadAsync(
        HttpClient client, string path, CancellationToken cancellationToken)
    {
        await using var stream = await client.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken);
        var buffer = new byte[64 * 1024];
        var (lines, bytes) = (0L, 0L);
        while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            bytes += read;
        }

        return (lines, bytes);
    }

    private static string Whole(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
