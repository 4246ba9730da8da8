using System.Net;
using System.Text.Json;
using Shop.Testing;

namespace Shop.Projector.Tests.Rebuilding;

public sealed class PostgreSqlRebuildTests() : RebuildTests(PostgreSqlRebuildStore.CreateAsync);

public sealed class ElasticsearchRebuildTests() : RebuildTests(ElasticsearchRebuildStore.CreateAsync);

public abstract class RebuildTests(Func<Task<IRebuildStore>> createStore)
{
    private const int Orders = 2_500;

    [SkippableFact]
    public async Task A_rebuild_under_traffic_fails_no_read_and_ends_equal()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        shop.BeginTraffic();

        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        var status = await client.RebuiltAsync();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        status = await client.RebuiltAsync();
        await shop.EndTrafficAsync();

        Assert.True(status.GetProperty("last").GetProperty("orders").GetInt64() >= Orders);
        Assert.NotNull(status.GetProperty("generations").GetProperty("previous").GetString());
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_cancelled_rebuild_leaves_the_live_generation_and_another_can_start()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        var before = (await client.ReadAsync("/rebuild")).GetProperty("generations").ToString();
        Assert.Equal("rebuild.none", (await client.DeleteRebuildAsync(HttpStatusCode.NotFound)).Code());

        var gate = shop.Fixture.WriteApi.CloseGate();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.HasFilledAsync(1_000);
        Assert.Equal("rebuild.running", (await client.PostAsync("/rebuild", HttpStatusCode.Conflict)).Code());
        Assert.Equal("rebuild.running", (await client.PostAsync("/rollback", HttpStatusCode.Conflict)).Code());
        var cancelled = await client.DeleteRebuildAsync(HttpStatusCode.OK);

        Assert.False(cancelled.GetProperty("isRunning").GetBoolean());
        Assert.Equal("cancelled", cancelled.GetProperty("last").GetProperty("outcome").GetString());
        Assert.Equal(before, cancelled.GetProperty("generations").ToString());
        await shop.IsEqualAsync();
        gate.SetResult();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.RebuiltAsync();
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_projector_resumes_the_rebuild_of_one_that_stopped()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        shop.BeginTraffic();
        var gate = shop.Fixture.WriteApi.CloseGate();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.HasFilledAsync(1_000);

        await shop.Fixture.StopAsync(0);
        gate.SetResult();
        client = await shop.Fixture.StartProjectorAsync();

        await client.RebuiltAsync();
        await shop.EndTrafficAsync();
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task Of_two_projectors_one_drives_and_the_other_takes_over()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        HttpClient[] clients = [await shop.StartProjectorAsync(), await shop.Fixture.StartProjectorAsync()];
        var gate = shop.Fixture.WriteApi.CloseGate();

        await clients[1].PostAsync("/rebuild", HttpStatusCode.Accepted);
        var (driver, other) = await clients[0].HasFirstPartitionAsync() ? (0, 1) : (1, 0);
        await clients[driver].HasFilledAsync(1_000);
        var seen = await clients[other].ReadAsync("/rebuild");
        Assert.True(seen.GetProperty("isRunning").GetBoolean());
        Assert.Equal(JsonValueKind.Null, seen.GetProperty("progress").ValueKind);
        await shop.Fixture.StopAsync(driver);
        gate.SetResult();

        await clients[other].RebuiltAsync();
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_rollback_makes_the_previous_generation_live_and_current()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        Assert.Equal(
            "rebuild.no-previous", (await client.PostAsync("/rollback", HttpStatusCode.NotFound)).Code());
        var first = (await client.ReadAsync("/rebuild")).GetProperty("generations").GetProperty("live").GetString();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.RebuiltAsync();
        shop.BeginTraffic();

        await client.PostAsync("/rollback", HttpStatusCode.Accepted);
        var status = await client.RebuiltAsync();
        await shop.EndTrafficAsync();

        Assert.True(status.GetProperty("last").GetProperty("isRollback").GetBoolean());
        Assert.Equal(first, status.GetProperty("generations").GetProperty("live").GetString());
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_changed_schema_is_rebuilt_without_being_asked()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        shop.BeginTraffic();

        await shop.Store.ChangeSchemaAsync();

        var status = await client.RebuiltAsync();
        await shop.EndTrafficAsync();
        Assert.Equal(JsonValueKind.Null, status.GetProperty("generations").GetProperty("shadow").ValueKind);
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_shadow_that_refuses_writes_is_given_up_and_all_orders_placed_meanwhile_are_live()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        var gate = shop.Fixture.WriteApi.CloseGate();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.HasFilledAsync(1_000);

        await shop.Store.BlockShadowAsync();
        for (var i = 0; i < 40; i++)
            await shop.Fixture.PublishAsync(SampleOrder.State(Guid.CreateVersion7(), 1));

        await shop.IsEqualAsync();
        var status = await client.GivenUpAsync();
        Assert.NotEmpty(status.GetProperty("last").GetProperty("reason").GetString()!);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("generations").GetProperty("shadow").ValueKind);
        await Eventually.HoldsAsync(
            async () =>
            {
                using var lag = await client.GetAsync("/health/lag");
                return (await lag.Content.ReadAsStringAsync()).Contains("given up", StringComparison.Ordinal);
            },
            "the health check shows the reason");
        gate.SetResult();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.RebuiltAsync();
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_rebuild_that_cannot_fill_its_shadow_is_given_up_and_does_not_restart_by_itself()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        var gate = shop.Fixture.WriteApi.CloseGate();
        await shop.Store.ChangeSchemaAsync();
        await client.HasFilledAsync(1_000);

        await shop.Store.BlockShadowAsync();
        gate.SetResult();

        var status = await client.GivenUpAsync();
        // The first batch of which nothing is accepted ends the attempt, not all 1,500 missing orders.
        Assert.DoesNotContain(
            $"{Orders - 1_000} orders", status.GetProperty("last").GetProperty("reason").GetString(), StringComparison.Ordinal);
        var order = SampleOrder.State(Guid.CreateVersion7(), 1);
        await shop.Fixture.PublishAsync(order);
        await shop.IsEqualAsync();
        Assert.False((await client.ReadAsync("/rebuild")).GetProperty("isRunning").GetBoolean());
    }
}
