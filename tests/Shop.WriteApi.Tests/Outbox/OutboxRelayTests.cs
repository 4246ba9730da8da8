using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Outbox;

public sealed class OutboxRelayTests
{
    [SkippableFact]
    public async Task A_committed_event_is_published_as_it_stands_in_the_outbox()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();

        const string Payload = """{"data": {"x":1}, "order":{"note":"Đức ☕"}}""";

        await shop.ExecuteAsync(
            $"""
            insert into outbox (order_id, version, type, payload, occurred_at, traceparent, tracestate) values
            ('{order}', 1, 'shop.order.placed.v1', '{Payload}', '2026-05-04T03:02:01.5Z',
             '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'shop=1')
            """);

        var published = Assert.Single(await shop.EventsAsync(events => events.Count >= 1));
        Assert.Equal(Payload, published.Value);
        Assert.Equal(order, published.OrderId);
        Assert.Equal("1.0", published.Headers[EventHeaders.SpecVersion]);
        Assert.Equal($"{order}:1", published.Headers[EventHeaders.Id]);
        Assert.Equal("/shop/write", published.Headers[EventHeaders.Source]);
        Assert.Equal("shop.order.placed.v1", published.Headers[EventHeaders.Type]);
        Assert.Equal(DateTimeOffset.Parse("2026-05-04T03:02:01.5Z", null),
            DateTimeOffset.Parse(published.Headers[EventHeaders.Time], null));
        Assert.Equal($"{order}", published.Headers[EventHeaders.Subject]);
        Assert.Equal("1", published.Headers[EventHeaders.AggregateVersion]);
        Assert.Equal("application/json", published.Headers[EventHeaders.ContentType]);
        Assert.Equal(
            $"{await shop.ScalarAsync<Guid>("select id from database_identity")}",
            published.Headers[EventHeaders.DatabaseId]);
        Assert.Equal(
            TimeProvider.System.GetUtcNow(), DateTimeOffset.Parse(published.Headers[EventHeaders.CommitTime], null),
            TimeSpan.FromMinutes(1));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", published.Headers[EventHeaders.TraceParent]);
        Assert.Equal("shop=1", published.Headers[EventHeaders.TraceState]);
    }

    [SkippableFact]
    public async Task The_message_carries_a_producer_span_of_the_commands_trace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Shop.WriteApi",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();

        await shop.ExecuteAsync(
            $$"""
            insert into outbox (order_id, version, type, payload, occurred_at, traceparent) values
            ('{{Guid.CreateVersion7()}}', 1, 't', '{}', now(), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
            """);

        var published = Assert.Single(await shop.EventsAsync(events => events.Count >= 1));
        var context = ActivityContext.Parse(published.Headers[EventHeaders.TraceParent], null);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", context.TraceId.ToString());
        Assert.NotEqual("b7ad6b7169203331", context.SpanId.ToString());
    }

    [SkippableFact]
    public async Task A_transaction_that_is_rolled_back_is_never_published()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        var (lost, kept) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await shop.ExecuteAsync($"begin; insert into outbox (order_id, version, type, payload, occurred_at) "
            + $"values ('{lost}', 1, 't', '{{}}', now()); rollback");
        await shop.InsertAsync(kept, 1);

        var events = await shop.EventsAsync(events => events.Any(e => e.OrderId == kept));
        Assert.Single(events);
    }

    [SkippableFact]
    public async Task Events_of_an_order_leave_in_the_order_of_its_versions()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        var orders = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();

        for (var version = 1; version <= 20; version++)
        {
            await Parallel.ForEachAsync(orders, new ParallelOptions { MaxDegreeOfParallelism = 4 },
                async (order, _) => await shop.InsertAsync(order, version));
        }

        var events = await shop.EventsAsync(events => events.Count >= 400);
        Assert.All(events.GroupBy(e => e.OrderId), order =>
        {
            Assert.Equal(Enumerable.Range(1, 20).Select(v => (long)v), order.Select(e => e.Version));
            Assert.Single(order.Select(e => e.Partition).Distinct());
        });
    }

    [SkippableFact]
    public async Task Events_committed_while_no_relay_runs_are_published_by_the_next()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var first = await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();
        await shop.InsertAsync(order, 1);
        await shop.EventsAsync(events => events.Count >= 1);
        await shop.StopAsync(first);

        await shop.InsertAsync(order, 2);
        await shop.StartRelayAsync();

        var events = await shop.EventsAsync(events => events.Any(e => e.Version == 2));
        Assert.Equal([1, 2], events.Select(e => e.Version).Distinct());
    }

    [SkippableFact]
    public async Task A_standby_takes_over_when_the_relay_stops()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var active = await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();
        await shop.InsertAsync(order, 1);
        await shop.EventsAsync(events => events.Count >= 1);
        await shop.StartRelayAsync();

        await shop.StopAsync(active);
        await shop.InsertAsync(order, 2);

        await shop.EventsAsync(events => events.Any(e => e.Version == 2));
    }

    [SkippableFact]
    public async Task A_dropped_slot_is_recreated_and_the_gap_published_from_the_table()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var relay = await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();
        await shop.InsertAsync(order, 1);
        await shop.EventsAsync(events => events.Count >= 1);
        await shop.StopAsync(relay);

        await shop.DropSlotAsync();
        await shop.InsertAsync(order, 2);
        await shop.StartRelayAsync();
        await shop.EventsAsync(events => events.Any(e => e.Version == 2));
        await shop.InsertAsync(order, 3);

        var events = await shop.EventsAsync(events => events.Any(e => e.Version == 3));
        Assert.Equal([1, 2, 3], events.Select(e => e.Version).Distinct());
    }

    [SkippableFact]
    public async Task A_walsender_that_is_killed_loses_nothing()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();
        for (var version = 1; version <= 100; version++)
        {
            await shop.InsertAsync(order, version);
            if (version % 25 == 0)
                await shop.KillWalSenderAsync();
        }

        var events = await shop.EventsAsync(events => events.Any(e => e.Version == 100));
        Assert.Equal(Enumerable.Range(1, 100).Select(v => (long)v), events.Select(e => e.Version).Distinct());
    }

    [SkippableFact]
    public async Task Interrupted_sessions_and_sessions_that_cannot_begin_are_counted()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var relay = await shop.StartRelayAsync();
        var meters = relay.Services.GetRequiredService<IMeterFactory>();
        using var interruptions = new CounterProbe(meters, "shop.relay.interruptions");
        using var failures = new CounterProbe(meters, "shop.relay.failures");
        await shop.HeartbeatsAsync(heartbeats => heartbeats.Count > 0, "the relay publishes");
        Assert.Equal(0, interruptions.Sum);

        await shop.KillWalSenderAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(interruptions.Sum == 1), "the interruption is counted");

        await shop.ExecuteAsync("alter table database_identity rename to identity_away");
        // The next session may already be active, or become active between two attempts.
        await Eventually.HoldsAsync(
            async () =>
            {
                await shop.KillWalSenderAsync();
                return failures.Sum > 0;
            },
            "the failures are counted");
    }

    [SkippableFact]
    public async Task What_was_acknowledged_but_not_confirmed_is_sent_again_without_a_gap()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(("Relay:ConfirmInterval", "01:00:00"));
        var order = Guid.CreateVersion7();
        for (var version = 1; version <= 30; version++)
            await shop.InsertAsync(order, version);
        await shop.EventsAsync(events => events.Count >= 30);

        await shop.KillWalSenderAsync();
        await shop.InsertAsync(order, 31);

        var events = await shop.EventsAsync(
            events => events.Any(e => e.Version == 31) && events.Count(e => e.Version == 1) > 1,
            "all are published, the first ones twice");
        Assert.Equal(Enumerable.Range(1, 31).Select(v => (long)v), events.Select(e => e.Version).Distinct());
    }

    [SkippableFact]
    public async Task Events_wait_for_a_broker_that_is_away_and_keep_their_order()
    {
        var kafka = KafkaServer.StartMock();
        await using var shop = await RelayFixture.CreateAsync(kafka);
        await shop.StartRelayAsync();
        var order = Guid.CreateVersion7();
        await shop.InsertAsync(order, 1);
        await shop.EventsAsync(events => events.Count >= 1);

        kafka.SetAway(true);
        for (var version = 2; version <= 20; version++)
            await shop.InsertAsync(order, version);
        kafka.SetAway(false);

        var events = await shop.EventsAsync(events => events.Any(e => e.Version == 20));
        Assert.Equal(Enumerable.Range(1, 20).Select(v => (long)v), events.Select(e => e.Version));
    }

    [SkippableFact]
    public async Task A_huge_transaction_is_published_whole_with_few_messages_in_flight()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(("Relay:MaxInFlight", "1000"));

        await shop.ExecuteAsync("insert into outbox (order_id, version, type, payload, occurred_at) "
            + "select gen_random_uuid(), 1, 't', '{\"data\":{},\"order\":{}}', now() from generate_series(1, 100000)");

        var events = await shop.EventsAsync(events => events.Count >= 100_000);
        Assert.Equal(100_000, events.Select(e => e.OrderId).Distinct().Count());
    }

    [SkippableFact]
    public async Task A_message_that_is_too_large_does_not_hold_up_the_others()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(("Kafka:Producer:MessageMaxBytes", "2000"));
        var (large, small) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await shop.InsertAsync(large, 1, $$"""{"data":"{{new string('x', 4000)}}"}""");
        await shop.InsertAsync(small, 1);

        var events = await shop.EventsAsync(events => events.Any(e => e.OrderId == small));
        Assert.Single(events);
    }

    [SkippableFact]
    public async Task A_quiet_outbox_in_a_busy_database_releases_the_log()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        await shop.InsertAsync(Guid.CreateVersion7(), 1);
        await shop.EventsAsync(events => events.Count >= 1);

        await shop.ExecuteAsync("create table noise as select generate_series(1, 10000) n");
        var end = await shop.ScalarAsync<string>("select pg_current_wal_lsn()::text");

        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>(
                $"select confirmed_flush_lsn >= '{end}' from pg_replication_slots where slot_name = '{shop.Slot}'"),
            "the slot has confirmed what does not concern it");
    }
}
