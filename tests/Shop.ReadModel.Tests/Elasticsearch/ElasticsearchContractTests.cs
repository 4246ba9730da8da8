using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class ElasticsearchIndexTests(ElasticsearchStores stores)
    : OrderIndexContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchWordsTests(ElasticsearchStores stores)
    : OrderWordsContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchTextTests(ElasticsearchStores stores)
    : OrderTextContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRelevanceTests(ElasticsearchStores stores)
    : OrderRelevanceContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchFiltersTests(ElasticsearchStores stores)
    : OrderFiltersContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchStatisticsTests(ElasticsearchStores stores)
    : OrderStatisticsContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchMatcherTests(ElasticsearchStores stores)
    : OrderMatcherContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRelevanceTableTests(ElasticsearchStores stores)
    : RelevanceTableContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchSuggestionsTests(ElasticsearchStores stores)
    : OrderSuggestionsContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchPagesTests(ElasticsearchStores stores)
    : OrderPagesContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRebuildTests(ElasticsearchStores.Fresh stores)
    : OrderRebuildContract(stores), IClassFixture<ElasticsearchStores.Fresh>;

public sealed class ElasticsearchScopeTests(ElasticsearchStores stores)
    : OrderScopeContract(stores), IClassFixture<ElasticsearchStores>;
