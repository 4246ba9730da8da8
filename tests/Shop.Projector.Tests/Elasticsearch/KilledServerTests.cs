using Shop.Testing;

namespace Shop.Projector.Tests.Elasticsearch;

public sealed class KilledServerTests
{
    [SkippableFact]
    public async Task All_orders_arrive_though_the_server_is_killed_amid_a_bulk()
    {
        var home = LocalElasticsearch.FindHome();
        Skip.If(home is null, "No Elasticsearch of the test's own: set ES_HOME to the folder of an unpacked Elasticsearch.");
        await using var server = await LocalElasticsearch.CreateAsync(home);
        await using var shop = await ElasticsearchShop.StartAsync($"{server.Address}");
        Guid[] orders = [.. Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7())];
        await shop.PublishAsync(orders, version: 1);
        await shop.ReadEqualsWriteAsync();
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        shop.Proxy.OnBulk = async (bulk, send) =>
        {
            shop.Proxy.OnBulk = ElasticsearchProxy.PassAsync;
            var sending = send(bulk);
            await server.KillAsync();
            killed.TrySetResult();
            return await sending;
        };

        await shop.PublishAsync(orders, version: 2);
        await killed.Task;
        await shop.PublishAsync(orders.Take(500), version: 3);
        await server.StartAsync();

        await shop.ReadEqualsWriteAsync();
    }
}
