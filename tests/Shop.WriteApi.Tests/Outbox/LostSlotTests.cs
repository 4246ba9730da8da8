using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Outbox;

public sealed class LostSlotTests
{
    [SkippableFact]
    public async Task A_slot_that_the_server_gave_up_is_recreated_and_the_gap_published()
    {
        await using var postgres = await LocalPostgres.CreateAsync();
        await using var shop = await RelayFixture.CreateAsync(
            await KafkaServer.GetAsync(), connectionString: postgres.ConnectionString);
        await shop.ExecuteAsync("alter system set max_slot_wal_keep_size = '16MB'");
        await shop.ExecuteAsync("select pg_reload_conf()");
        var order = Guid.CreateVersion7();
        var relay = await shop.StartRelayAsync();
        await shop.InsertAsync(order, 1);
        await shop.EventsAsync(events => events.Count >= 1);
        await shop.StopAsync(relay);

        await shop.InsertAsync(order, 2);
        for (var segment = 0; segment < 4; segment++)
        {
            await shop.ExecuteAsync($"create table noise_{segment} as select generate_series(1, 10000) n");
            await shop.ExecuteAsync("select pg_switch_wal()");
        }

        await shop.ExecuteAsync("checkpoint");
        Assert.Equal("lost", await shop.ScalarAsync<string>(
            $"select wal_status from pg_replication_slots where slot_name = '{shop.Slot}'"));

        await shop.StartRelayAsync();
        await shop.InsertAsync(order, 3);

        var events = await shop.EventsAsync(events => events.Any(e => e.Version == 3));
        Assert.Equal([1, 2, 3], events.Select(e => e.Version).Distinct());
    }

    [SkippableFact]
    public async Task Settings_in_the_connection_string_win_over_the_relays_defaults()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(("ConnectionStrings:orders", new NpgsqlConnectionStringBuilder(shop.ConnectionString)
        {
            ApplicationName = "of-the-operator",
            MaxPoolSize = 1,
            Options = "-c wal_sender_timeout=7s -c statement_timeout=77s",
        }.ConnectionString));

        // One connection in the pool, and the replication connection: a second pooled one would be the default of four.
        await shop.HeartbeatsAsync(heartbeats => heartbeats.Count > 0, "the relay publishes");
        Assert.Equal(2, await shop.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where application_name = 'of-the-operator'"));
        Assert.Equal(0, await shop.ScalarAsync<long>(
            "select count(*) from pg_stat_activity where application_name = 'shop-relay' and datname = current_database()"));
    }
}
