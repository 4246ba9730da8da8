namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>
/// One application with Elasticsearch as the read store: the one that the caller of the tests offers, or one that the host
/// runs from <c>ES_HOME</c>. The first test starts it, so that it can be skipped.
/// </summary>
public sealed class ElasticsearchShop : IAsyncLifetime
{
    private ShopApplication? _shop;

    internal async Task<ShopApplication> GetAsync() =>
        _shop ??= await ShopApplication.StartAsync([Elasticsearch(), .. ShopFixture.GivenKafka()]);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_shop is not null)
            await _shop.DisposeAsync();
    }

    private static string Elasticsearch()
    {
        if (GivenServers.Elasticsearch is { } given)
            return $"--ConnectionStrings:elasticsearch={given}";
        var (name, folder) = GivenServers.Homes.Single(home => home.Name == "ES_HOME");
        Skip.If(folder is null, "No Elasticsearch: set ES_HOME to the folder of an unpacked one.");
        return $"--{name}={folder}";
    }
}

[CollectionDefinition(nameof(ElasticsearchShop))]
public sealed class ElasticsearchShopGroup : ICollectionFixture<ElasticsearchShop>;
