using Shop.Contracts;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Outbox;

public sealed class HeartbeatTests
{
    [SkippableFact]
    public async Task Each_partition_gets_a_heartbeat_with_commit_time_and_database_identity_every_interval()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var start = TimeProvider.System.GetUtcNow();
        await shop.StartRelayAsync();

        var heartbeats = await shop.HeartbeatsAsync(
            all => all.GroupBy(h => h.Partition).Count(p => p.Count() >= 4) == Topics.OrdersPartitions,
            "each partition has four heartbeats");

        var database = $"{await shop.ScalarAsync<Guid>("select id from database_identity")}";
        Assert.All(heartbeats, heartbeat =>
        {
            Assert.Equal(Heartbeat.Key(heartbeat.Partition), heartbeat.Key);
            Assert.Equal("{}", heartbeat.Value);
            Assert.Equal(database, heartbeat.Headers[EventHeaders.DatabaseId]);
            Assert.InRange(heartbeat.CommittedAt, start, TimeProvider.System.GetUtcNow());
        });
        Assert.All(heartbeats.GroupBy(h => h.Partition), partition =>
        {
            var times = partition.Select(h => h.CommittedAt).Take(4).ToArray();
            Assert.Equal(times.Order(), times);
            Assert.InRange(times[3] - times[0], TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(15));
        });
    }

    [SkippableFact]
    public async Task A_heartbeat_follows_every_event_that_was_committed_before_it()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(("Relay:HeartbeatInterval", "00:00:00.020"));
        for (var i = 0; i < 100; i++)
            await shop.InsertAsync(Guid.CreateVersion7(), 1);

        var records = await shop.RecordsAsync(
            _ => true, all => all.Count(record => !record.IsHeartbeat) >= 100, "100 events are published");

        Assert.All(records.GroupBy(r => r.Partition), partition =>
        {
            var times = partition.Select(r => r.CommittedAt).ToArray();
            Assert.Equal(times.Order(), times);
        });
    }

    [SkippableFact]
    public async Task Only_the_active_relay_emits_heartbeats()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync();
        await shop.StartRelayAsync();
        await shop.StartRelayAsync();

        var heartbeats = await shop.HeartbeatsAsync(all => all.Count(h => h.Partition == 0) >= 5, "five heartbeats");

        var times = heartbeats.Where(h => h.Partition == 0).Select(h => h.CommittedAt).ToArray();
        Assert.InRange(times[4] - times[0], TimeSpan.FromSeconds(3.5), TimeSpan.FromSeconds(30));
    }

    [SkippableFact]
    public async Task Heartbeats_do_not_accumulate_while_the_broker_is_unavailable_and_are_confirmed_afterwards()
    {
        var kafka = KafkaServer.StartMock();
        await using var shop = await RelayFixture.CreateAsync(kafka);
        await shop.StartRelayAsync(("Relay:HeartbeatInterval", "00:00:00.020"));
        await shop.HeartbeatsAsync(all => all.Count > 0, "a heartbeat");

        // A slot of its own shows the heartbeats of this database; others write to the same log.
        var slot = $"watch_{Guid.CreateVersion7():N}";
        await shop.ExecuteAsync($"select pg_create_logical_replication_slot('{slot}', 'pgoutput')");
        await Eventually.HoldsAsync(async () => await EmittedAsync() > 0, "the relay emits heartbeats");

        kafka.SetAway(true);
        await Eventually.HoldsAsync(
            async () =>
            {
                await Task.Delay(500); // Many intervals.
                return await EmittedAsync() == 0;
            },
            "the relay stops emitting heartbeats");
        await shop.ExecuteAsync($"select pg_drop_replication_slot('{slot}')");
        var end = await shop.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text");
        Assert.False(await shop.ScalarAsync<bool>(shop.IsConfirmed(end)), "confirmed without an acknowledgement");

        kafka.SetAway(false);
        await Eventually.HoldsAsync(() => shop.ScalarAsync<bool>(shop.IsConfirmed(end)), "the heartbeats are confirmed");

        Task<long> EmittedAsync() => shop.ScalarAsync<long>($"""
            select count(*) from pg_logical_slot_get_binary_changes('{slot}', null, null,
                'proto_version', '1', 'publication_names', 'shop_outbox', 'messages', 'true')
            """);
    }

    [SkippableFact]
    public async Task Compaction_removes_all_but_the_newest_heartbeats()
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var shop = await RelayFixture.CreateAsync(kafka, new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact",
            ["segment.ms"] = "500",
            ["min.cleanable.dirty.ratio"] = "0.01",
            ["delete.retention.ms"] = "100",
        });
        await shop.StartRelayAsync(("Relay:HeartbeatInterval", "00:00:00.100"));

        await Eventually.HoldsAsync(
            async () =>
            {
                var heartbeats = await shop.HeartbeatsAsync(
                    all => all.Select(h => h.Partition).Distinct().Count() == Topics.OrdersPartitions, "heartbeats");
                return heartbeats.GroupBy(h => h.Partition).All(partition => partition.First().Offset > 0);
            },
            "each partition has lost its first heartbeats",
            TimeSpan.FromSeconds(90));
    }

    [SkippableFact]
    public async Task A_new_topic_keeps_superseded_events_for_seven_days_at_most()
    {
        var kafka = await KafkaServer.GetRealAsync();
        var topic = $"test.{Guid.CreateVersion7():N}";
        await using var shop = await RelayFixture.CreateAsync(kafka);
        await shop.StartRelayAsync(("Relay:Topic", topic));

        await Eventually.HoldsAsync(() => HasTopicAsync(), "the relay has created the topic");
        var settings = await kafka.ReadSettingsAsync(topic);

        Assert.Equal("compact", settings["cleanup.policy"]);
        Assert.Equal("604800000", settings["max.compaction.lag.ms"]);

        Task<bool> HasTopicAsync()
        {
            using var admin = kafka.CreateAdmin();
            return Task.FromResult(
                admin.GetMetadata(TimeSpan.FromSeconds(10)).Topics.Exists(existing => existing.Topic == topic));
        }
    }
}
