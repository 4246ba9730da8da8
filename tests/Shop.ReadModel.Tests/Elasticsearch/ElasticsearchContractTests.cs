using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class ElasticsearchIndexTests(ElasticsearchStores stores)
    : OrderIndexContract(stores), IClassFixture<ElasticsearchStores>;
