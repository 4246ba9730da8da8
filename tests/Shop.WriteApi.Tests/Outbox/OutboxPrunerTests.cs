using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Outbox;

public sealed class OutboxPrunerTests
{
    private static readonly (string, string) Often = ("Relay:PruneInterval", "00:00:00.100");
    private static readonly (string, string) Never = ("Relay:PruneInterval", "10.00:00:00");

    [SkippableFact]
    public async Task Published_rows_are_pruned_after_the_retention_period_and_not_before()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await InsertAsync(shop, 2_500, "2 hours");
        await InsertAsync(shop, 700, "50 minutes");
        await InsertAsync(shop, 2_500, "2 hours");

        await shop.StartRelayAsync(Often, ("Relay:PruneBatch", "1000"));

        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 700 from outbox"), "the old rows are pruned");
        Assert.Equal(5_700, (await shop.EventsAsync(events => events.Count >= 5_700)).Count);
        await WaitForRunsAsync(shop);
        Assert.Equal(700, await shop.ScalarAsync<long>("select count(*) from outbox"));
    }

    [SkippableFact]
    public async Task Old_rows_are_kept_while_the_broker_is_unavailable_and_pruned_once_they_are_published()
    {
        var kafka = KafkaServer.StartMock();
        await using var shop = await RelayFixture.CreateAsync(kafka);
        await shop.StartRelayAsync(Often);
        await shop.HeartbeatsAsync(heartbeats => heartbeats.Count > 0, "the relay publishes");

        kafka.SetAway(true);
        await InsertAsync(shop, 500, "2 days");
        await WaitForRunsAsync(shop);
        Assert.Equal(500, await shop.ScalarAsync<long>("select count(*) from outbox"));

        kafka.SetAway(false);
        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 0 from outbox"), "the rows are pruned",
            TimeSpan.FromSeconds(60));
        Assert.Equal(500, (await shop.EventsAsync(events => events.Count >= 500)).Select(e => e.OrderId).Distinct().Count());
    }

    [SkippableFact]
    public async Task Old_rows_are_kept_while_there_is_no_slot()
    {
        await using var shop = await RelayFixture.CreateAsync();
        var relay = await shop.StartRelayAsync(Often);
        await shop.StopAsync(relay);
        await shop.DropSlotAsync();
        await InsertAsync(shop, 100, "2 days");

        // A broker that nobody listens for: the slot is not recreated, since the table cannot be published.
        await shop.StartRelayWithoutWaitingAsync(Often, ("ConnectionStrings:kafka", "127.0.0.1:1"));
        await WaitForRunsAsync(shop);

        Assert.Equal(100, await shop.ScalarAsync<long>("select count(*) from outbox"));
    }

    [SkippableFact]
    public async Task A_row_that_commits_after_newer_ones_were_pruned_is_published_and_pruned()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(Often);
        await using var late = await shop.BeginAsync();
        await late.ExecuteAsync(Insert(1, "2 hours"));
        await InsertAsync(shop, 10, "2 hours");
        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 0 from outbox"), "the committed rows are pruned");

        await late.CommitAsync();

        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 0 from outbox"), "the late row is pruned");
        Assert.Equal(11, (await shop.EventsAsync(events => events.Count >= 11)).Count);
    }

    [SkippableFact]
    public async Task Two_replicas_prune_at_the_same_time_without_waiting_for_each_other()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await shop.StartRelayAsync(Never);
        await InsertAsync(shop, 20_000, "2 hours");
        // Rows that another transaction locks, as a replica that is pruning does.
        await using var locking = await shop.BeginAsync();
        await locking.ExecuteAsync("select from outbox order by id limit 100 for update");

        await shop.StartRelayAsync(Often, ("Relay:PruneBatch", "500"));
        await shop.StartRelayAsync(Often, ("Relay:PruneBatch", "500"));

        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 100 from outbox"), "all rows but the locked ones are pruned");
        await locking.CommitAsync();
        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("select count(*) = 0 from outbox"), "all rows are pruned");
        Assert.Equal(0, await shop.ScalarAsync<long>(
            "select deadlocks from pg_stat_database where datname = current_database()"));
    }

    [SkippableFact]
    public async Task Pruning_never_scans_the_table()
    {
        await using var shop = await RelayFixture.CreateAsync();
        await InsertAsync(shop, 3_000, "2 hours");
        await InsertAsync(shop, 60_000, "1 minute");
        await shop.ExecuteAsync("vacuum analyze outbox");
        await StopAndCountAsync(shop, await shop.StartRelayAsync(Never));
        var before = await ReadStatisticsAsync(shop);

        var relay = await shop.StartRelayAsync(Often, ("Relay:PruneBatch", "1000"));
        await Eventually.HoldsAsync(
            // The first relay's pruning, which runs once when it starts, may have begun with them.
            async () => (await ReadStatisticsAsync(shop)).Deleted >= 3_000, "the old rows are pruned",
            TimeSpan.FromSeconds(60));
        await WaitForRunsAsync(shop);
        await StopAndCountAsync(shop, relay);

        Assert.Equal(before.SequentialScans, (await ReadStatisticsAsync(shop)).SequentialScans);
    }

    private static string Insert(int rows, string age) =>
        "insert into outbox (order_id, version, type, payload, occurred_at) "
        + $"select gen_random_uuid(), 1, 't', '{{}}', now() - interval '{age}' from generate_series(1, {rows})";

    private static Task InsertAsync(RelayFixture shop, int rows, string age) => shop.ExecuteAsync(Insert(rows, age));

    /// <summary>Waits for the beginning of three runs, and so for two whole ones.</summary>
    private static async Task WaitForRunsAsync(RelayFixture shop)
    {
        var database = new NpgsqlConnectionStringBuilder(shop.ConnectionString).Database;
        var runs = 0;
        using var statements = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = statement =>
            {
                var tags = statement.Tags.Select(tag => tag.Value ?? "").ToArray();
                if (tags.Contains(database) && tags.Any(text => text.Contains("from outbox where id > $2")))
                    Interlocked.Increment(ref runs);
            },
        };
        ActivitySource.AddActivityListener(statements);
        await Eventually.HoldsAsync(
            () => Task.FromResult(Volatile.Read(ref runs) >= 3), "the pruning runs several times",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>Stops a relay and waits until the server has counted what its sessions did.</summary>
    private static async Task StopAndCountAsync(RelayFixture shop, IHost relay)
    {
        await shop.StopAsync(relay);
        await Eventually.HoldsAsync(
            () => shop.ScalarAsync<bool>("""
                select not exists (select from pg_stat_activity
                    where datname = current_database() and application_name = 'shop-relay')
                """),
            "the relay's sessions have ended");
    }

    private static async Task<(long SequentialScans, long Deleted)> ReadStatisticsAsync(RelayFixture shop) => (
        await shop.ScalarAsync<long>("select seq_scan from pg_stat_user_tables where relname = 'outbox'"),
        await shop.ScalarAsync<long>("select n_tup_del from pg_stat_user_tables where relname = 'outbox'"));
}
