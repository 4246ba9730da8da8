using System.Net;
using System.Text.Json;

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
        Assert.NotNull(status.GetProperty("copies").GetProperty("previous").GetString());
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_cancelled_rebuild_leaves_what_was_there_and_another_may_begin()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        var before = (await client.ReadAsync("/rebuild")).GetProperty("copies").ToString();
        Assert.Equal("rebuild.none", (await client.DeleteRebuildAsync(HttpStatusCode.NotFound)).Code());

        var gate = shop.Fixture.WriteSide.CloseGate();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.HasFilledAsync(1_000);
        Assert.Equal("rebuild.running", (await client.PostAsync("/rebuild", HttpStatusCode.Conflict)).Code());
        Assert.Equal("rebuild.running", (await client.PostAsync("/rollback", HttpStatusCode.Conflict)).Code());
        var cancelled = await client.DeleteRebuildAsync(HttpStatusCode.OK);

        Assert.False(cancelled.GetProperty("isRunning").GetBoolean());
        Assert.Equal("cancelled", cancelled.GetProperty("last").GetProperty("outcome").GetString());
        Assert.Equal(before, cancelled.GetProperty("copies").ToString());
        await shop.IsEqualAsync();
        gate.SetResult();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.RebuiltAsync();
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_projector_that_starts_goes_on_with_what_another_has_begun()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        shop.BeginTraffic();
        var gate = shop.Fixture.WriteSide.CloseGate();
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
        var gate = shop.Fixture.WriteSide.CloseGate();

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
    public async Task A_rollback_brings_the_earlier_copy_up_to_date_and_back()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        Assert.Equal(
            "rebuild.no-earlier-copy", (await client.PostAsync("/rollback", HttpStatusCode.NotFound)).Code());
        var first = (await client.ReadAsync("/rebuild")).GetProperty("copies").GetProperty("live").GetString();
        await client.PostAsync("/rebuild", HttpStatusCode.Accepted);
        await client.RebuiltAsync();
        shop.BeginTraffic();

        await client.PostAsync("/rollback", HttpStatusCode.Accepted);
        var status = await client.RebuiltAsync();
        await shop.EndTrafficAsync();

        Assert.True(status.GetProperty("last").GetProperty("isRollback").GetBoolean());
        Assert.Equal(first, status.GetProperty("copies").GetProperty("live").GetString());
        await shop.IsEqualAsync();
    }

    [SkippableFact]
    public async Task A_changed_schema_is_rebuilt_without_a_hand()
    {
        await using var shop = await RebuiltShop.CreateAsync(createStore, Orders);
        var client = await shop.StartProjectorAsync();
        shop.BeginTraffic();

        await shop.Store.ChangeSchemaAsync();

        var status = await client.RebuiltAsync();
        await shop.EndTrafficAsync();
        Assert.Equal(JsonValueKind.Null, status.GetProperty("copies").GetProperty("next").ValueKind);
        await shop.IsEqualAsync();
    }
}
