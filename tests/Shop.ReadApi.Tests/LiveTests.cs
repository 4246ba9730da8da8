using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Shop.Contracts;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

public abstract class LiveTests(Func<(string, string)[], Task<ReadApiApp>> start)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly (string, string)[] Fast = [("Live:PollInterval", "00:00:00.020")];

    [SkippableFact]
    public async Task A_client_that_reconnects_a_hundred_times_has_seen_every_final_version()
    {
        await using var app = await start(Fast);
        await using var replica = app.AnotherReplica();
        using var deadline = new CancellationTokenSource(Deadline);
        OrderDocument[] orders = [.. Enumerable.Range(0, 30).Select(i => ReadApiApp.Order($"watched {i}"))];
        await app.ApplyAsync(orders);
        await using var client = await LiveClient.ConnectAsync(app, "/orders/live?q=watched", null, deadline.Token);
        await client.ReadAsync(1);
        var changing = ChangeAsync(app, orders, deadline.Token);

        Dictionary<Guid, long> seen = [];
        var (last, random) = (client.LastEventId, new Random(7));
        for (var i = 0; i < 100; i++)
        {
            var server = i % 2 == 0 ? replica : app;
            await using var next = await LiveClient.ConnectAsync(server, "/orders/live?q=watched", last, deadline.Token);
            foreach (var (type, data) in await next.ReadAsync(random.Next(1, 6)))
                See(seen, type, data);
            last = next.LastEventId;
        }

        var final = await changing;
        await using var end = await LiveClient.ConnectAsync(app, "/orders/live?q=watched", last, deadline.Token);
        while (!final.All(order => seen.GetValueOrDefault(order.Key) == order.Value))
        {
            foreach (var (type, data) in await end.ReadAsync(1))
                See(seen, type, data);
        }
    }

    [SkippableFact]
    public async Task An_event_is_an_order_that_a_search_finds()
    {
        await using var app = await start(Fast);
        using var deadline = new CancellationTokenSource(Deadline);
        await using var client = await LiveClient.ConnectAsync(
            app, "/orders/live?q=lamp&status=paid&totalFrom=1", null, deadline.Token);
        Assert.Equal("heartbeat", (await client.ReadAsync(1)).Single().Type);
        var found = ReadApiApp.Order("found");

        await app.ApplyAsync(
            ReadApiApp.Order("other") with { Status = OrderStatuses.Placed },
            ReadApiApp.Order("other") with { Total = new(0, "EUR") },
            found);
        var (type, data) = (await client.ReadAsync(1)).Single();

        Assert.Equal("order", type);
        Assert.Equal(SerializedOrder.From(found).Json.ToArray(), Encoding.UTF8.GetBytes(data));
        Assert.False(string.IsNullOrEmpty(client.LastEventId));
    }

    [SkippableFact]
    public async Task A_position_that_cannot_be_resumed_is_said()
    {
        await using var app = await start(Fast);
        using var deadline = new CancellationTokenSource(Deadline);
        await using var first = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token);
        await first.ReadAsync(1);
        var changed = first.LastEventId![..20] + (first.LastEventId[20] == 'A' ? 'B' : 'A') + first.LastEventId[21..];

        foreach (var id in (string[])["nonsense", "1.2.3", "orders!1", new string('A', 60), changed])
        {
            await using var client = await LiveClient.ConnectAsync(app, "/orders/live", id, deadline.Token);

            Assert.Equal(["reset", "heartbeat"], (await client.ReadAsync(2)).Select(read => read.Type));
        }
    }

    [SkippableFact]
    public async Task A_client_that_missed_more_than_the_window_is_told_to_search_again()
    {
        await using var app = await start([.. Fast, ("Live:MaxReplayed", "2")]);
        using var deadline = new CancellationTokenSource(Deadline);
        await using var first = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token);
        await first.ReadAsync(1);
        await app.ApplyAsync(ReadApiApp.Order("one"), ReadApiApp.Order("two"), ReadApiApp.Order("three"));

        await using var client = await LiveClient.ConnectAsync(app, "/orders/live", first.LastEventId, deadline.Token);

        Assert.Equal("reset", (await client.ReadAsync(1)).Single().Type);
    }

    [SkippableFact]
    public async Task A_quiet_stream_has_heartbeats_and_the_streams_of_a_process_are_limited()
    {
        await using var app = await start(
            [.. Fast, ("Live:HeartbeatInterval", "00:00:00.1"), ("Live:MaxStreams", "1")]);
        using var deadline = new CancellationTokenSource(Deadline);
        await using (var client = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token))
        {
            Assert.All(await client.ReadAsync(3), read => Assert.Equal("heartbeat", read.Type));
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Client.GetAsync("/orders/live")).StatusCode);
        }

        await Eventually.HoldsAsync(async () =>
        {
            await using var next = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token);
            return next.Status == HttpStatusCode.OK;
        }, "a stream is free again");
    }

    [SkippableTheory]
    [InlineData("GET", "?status=lost", HttpStatusCode.BadRequest, "application/problem+json")]
    [InlineData("HEAD", "", HttpStatusCode.OK, "text/event-stream")]
    public async Task What_is_no_stream_ends(string method, string query, HttpStatusCode status, string type)
    {
        await using var app = await start(Fast);
        using var request = new HttpRequestMessage(new(method), $"/orders/live{query}");

        using var response = await app.Client.SendAsync(request).WaitAsync(Deadline);

        Assert.Equal((status, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal(method is "HEAD", (await response.Content.ReadAsByteArrayAsync()) is []);
    }

    private static void See(Dictionary<Guid, long> seen, string type, string data)
    {
        Assert.NotEqual("reset", type);
        if (type != "order")
            return;
        var order = JsonElement.Parse(data);
        var (id, version) = (order.GetProperty("id").GetGuid(), order.GetProperty("version").GetInt64());
        seen[id] = Math.Max(seen.GetValueOrDefault(id), version);
    }

    /// <returns>The last version of each order.</returns>
    private static async Task<Dictionary<Guid, long>> ChangeAsync(
        ReadApiApp app, OrderDocument[] orders, CancellationToken cancellationToken)
    {
        var random = new Random(11);
        var versions = orders.ToDictionary(order => order.Id, _ => 1L);
        for (var i = 0; i < 200; i++)
        {
            OrderDocument[] changed =
            [
                .. random.GetItems(orders, random.Next(1, 4)).DistinctBy(order => order.Id)
                    .Select(order => order with { Version = ++versions[order.Id] }),
            ];
            await app.WriteAsync(changed);
            await Task.Delay(random.Next(20), cancellationToken);
        }

        // Orders without a change since the client connected are not in the stream.
        await app.ApplyAsync([.. orders.Select(order => order with { Version = ++versions[order.Id] })]);
        return versions;
    }
}

/// <summary>One connection to a stream.</summary>
internal sealed class LiveClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private LiveClient(HttpResponseMessage response, Stream stream, CancellationToken cancellationToken)
    {
        _response = response;
        _items = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public HttpStatusCode Status => _response.StatusCode;

    public string? LastEventId { get; private set; }

    public static async Task<LiveClient> ConnectAsync(
        ReadApiApp app, string url, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await app.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return new(response, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
    }

    public async Task<List<(string Type, string Data)>> ReadAsync(int count)
    {
        List<(string, string)> read = [];
        while (read.Count < count && await _items.MoveNextAsync())
        {
            read.Add((_items.Current.EventType, _items.Current.Data));
            LastEventId = _items.Current.EventId ?? LastEventId;
        }

        Assert.Equal(count, read.Count);
        return read;
    }

    public async ValueTask DisposeAsync()
    {
        _response.Dispose();
        try
        {
            await _items.DisposeAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or NotSupportedException)
        {
        }
    }
}

public sealed class PostgreSqlLiveTests() : LiveTests(ReadApiApp.StartAsync);

public sealed class ElasticsearchLiveTests() : LiveTests(ReadApiApp.StartOnElasticsearchAsync);
