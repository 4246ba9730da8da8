using System.Net.Sockets;
using System.Text.Json;
using Shop.Contracts;

namespace Shop.WriteApi.Tests.Feeds;

public sealed class FeedTests
{
    private static string InsertOrders(int count) => $"""
        insert into customers (id, version, name, email, country)
        values ('00000000-0000-0000-0000-000000000001', 1, 'Ann', 'ann@example.org', 'DE');
        insert into orders (id, number, version, status, customer_id, customer_version, customer_name, customer_email,
            customer_country, currency, total, recipient, street, postal_code, city, country, placed_at, updated_at)
        select gen_random_uuid(), 'N' || n, 1, 'placed', '00000000-0000-0000-0000-000000000001', 1, 'Ann',
            'ann@example.org', 'DE', 'EUR', 100, 'Ann', 'Street 1', '10115', 'Berlin', 'DE', now(), now()
        from generate_series(1, {count}) n;
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
        select id, 1, 'SKU-1', repeat('A desk lamp ', 16), 'lamps', 1, 100 from orders;
        insert into order_events (order_id, version, type, occurred_at) select id, 1, 'placed', now() from orders;
        analyze
        """;

    [SkippableFact]
    public async Task Both_feeds_have_every_order_once_in_id_order_over_several_pages()
    {
        await using var api = await WriteApi.StartAsync();
        await api.ExecuteAsync(InsertOrders(12_000));

        var versions = await ReadIdsAsync(api, "/internal/orders/versions");
        var states = await ReadIdsAsync(api, "/internal/orders/states");

        // The text of an id sorts as PostgreSQL sorts the id.
        Assert.Equal(12_000, versions.Distinct().Count());
        Assert.Equal(versions.Order(StringComparer.Ordinal), versions);
        Assert.Equal(versions, states);
    }

    [SkippableFact]
    public async Task Each_feed_carries_the_identity_of_the_database()
    {
        await using var api = await WriteApi.StartAsync();
        var identity = await api.QueryAsync<Guid>("select id from database_identity");

        foreach (var path in (string[])["versions", "states", $"states?ids={Guid.CreateVersion7()}"])
        {
            using var response = await api.Client.GetAsync($"/internal/orders/{path}");
            Assert.Equal([$"{identity}"], response.Headers.GetValues(FeedHeaders.DatabaseId));
            Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        }
    }

    [SkippableFact]
    public async Task A_slow_reader_of_a_feed_holds_no_transaction_open()
    {
        await using var api = await WriteApi.StartAsync();
        await api.ExecuteAsync(InsertOrders(30_000));
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectWithSmallBufferAsync });
        client.BaseAddress = api.Client.BaseAddress;

        await using var stream = await client.GetStreamAsync("/internal/orders/states");
        var buffer = new byte[1024];
        await stream.ReadExactlyAsync(buffer);
        // The stream is many times the size of all buffers, so the service is amid it all the time.
        for (var sample = 0; sample < 30; sample++)
        {
            await stream.ReadExactlyAsync(buffer);
            await Task.Delay(100);
            var oldest = await api.QueryAsync<double>(
                """
                select coalesce(max(extract(epoch from clock_timestamp() - xact_start)), 0)::float8
                from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid() and application_name = 'shop-write'
                """);
            Assert.InRange(oldest, 0, 0.9);
        }
    }

    [SkippableFact]
    public async Task A_feed_that_meets_another_database_on_its_way_is_aborted()
    {
        await using var api = await WriteApi.StartAsync();
        await api.ExecuteAsync(InsertOrders(30_000));
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectWithSmallBufferAsync });
        client.BaseAddress = api.Client.BaseAddress;

        await using var stream = await client.GetStreamAsync("/internal/orders/states");
        await stream.ReadExactlyAsync(new byte[1024]);
        await api.ExecuteAsync("update database_identity set id = gen_random_uuid()");

        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));
    }

    private static async Task<List<string>> ReadIdsAsync(WriteApi api, string path)
    {
        var lines = (await api.Client.GetStringAsync(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!)];
    }

    private static async ValueTask<Stream> ConnectWithSmallBufferAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
