namespace Shop.Projector.Tests.Elasticsearch;

/// <summary>
/// Manual changes of an index while a projector runs. No reconciliation is requested: one comes on schedule, or because the
/// projector finds its index gone or elsewhere.
/// </summary>
public sealed class MeddlingTests
{
    private readonly Guid[] _orders = [.. Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7())];

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_deleted_index_is_made_again_and_filled(bool areOrdersPublished)
    {
        await using var shop = await StartAsync();

        await shop.SendAsync(HttpMethod.Delete, $"/{await shop.LiveAsync()}");
        if (areOrdersPublished)
            await shop.PublishAsync(_orders.Take(10), version: 2);

        await shop.ReadEqualsWriteAsync();
    }

    [SkippableFact]
    public async Task Documents_edited_forged_deleted_and_added_are_put_right()
    {
        await using var shop = await StartAsync();
        await shop.PublishAsync(_orders, version: 2);
        await shop.ReadEqualsWriteAsync();

        await EditAsync(_orders[0], """{"note":"by hand"}""");
        await EditAsync(_orders[1], """{"version":99}""");
        await EditAsync(_orders[2], """{"version":1}""");
        await shop.SendAsync(HttpMethod.Delete, $"/{shop.Alias}/_doc/{_orders[4]}");
        await ReplaceAsync(Guid.CreateVersion7(), version: 1);

        await shop.ReadEqualsWriteAsync();
        await shop.PublishAsync(_orders, version: 3);
        await shop.ReadEqualsWriteAsync();

        Task EditAsync(Guid order, string change) =>
            shop.SendAsync(HttpMethod.Post, $"/{shop.Alias}/_update/{order}", $$$"""{"doc":{{{change}}}}""");

        Task ReplaceAsync(Guid order, long version) => shop.SendAsync(
            HttpMethod.Put,
            $"/{shop.Alias}/_doc/{order}?version={version}&version_type=external",
            $$"""{"id":"{{order}}","version":{{version}},"status":"paid"}""");
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_alias_that_leads_elsewhere_is_put_right_and_the_index_filled(bool areOrdersPublished)
    {
        await using var shop = await StartAsync();
        var (live, other) = (await shop.LiveAsync(), $"{shop.Alias}-other");
        await shop.SendAsync(HttpMethod.Put, $"/{other}");

        await shop.SendAsync(HttpMethod.Post, "/_aliases", $$$"""
            {"actions":[{"remove":{"index":"{{{live}}}","alias":"{{{shop.Alias}}}"}},
                        {"add":{"index":"{{{other}}}","alias":"{{{shop.Alias}}}"}}]}
            """);
        if (areOrdersPublished)
            await shop.PublishAsync(_orders.Take(10), version: 2);

        await shop.ReadEqualsWriteAsync();
        Assert.Equal(live, await shop.LiveAsync());
    }

    private async Task<ElasticsearchShop> StartAsync()
    {
        var shop = await ElasticsearchShop.StartAsync();
        await shop.PublishAsync(_orders, version: 1);
        await shop.ReadEqualsWriteAsync();
        return shop;
    }
}
