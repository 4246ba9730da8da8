using Shop.ReadModel.Tests.Contract;
using Xunit.Abstractions;

namespace Shop.ReadModel.Tests.Elasticsearch;

// Half of the contract runs with a user or a key over TLS, and half without security.
public sealed class ElasticsearchIndexTests(SecuredStores stores)
    : OrderIndexContract(stores), IClassFixture<SecuredStores>;

public sealed class ElasticsearchWordsTests(SecuredStores stores)
    : OrderWordsContract(stores), IClassFixture<SecuredStores>;

public sealed class ElasticsearchTextTests(ElasticsearchStores stores)
    : OrderTextContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchPhoneNumbersTests(ElasticsearchStores stores)
    : PhoneNumbersContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRelevanceTests(ElasticsearchStores stores)
    : OrderRelevanceContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchFiltersTests(ApiKeyStores stores)
    : OrderFiltersContract(stores), IClassFixture<ApiKeyStores>;

public sealed class ElasticsearchStatisticsTests(ElasticsearchStores stores)
    : OrderStatisticsContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchMatcherTests(ElasticsearchStores stores)
    : OrderMatcherContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRelevanceTableTests(ElasticsearchStores stores)
    : RelevanceTableContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchSuggestionsTests(ElasticsearchStores stores)
    : OrderSuggestionsContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchPagesTests(ApiKeyStores stores)
    : OrderPagesContract(stores), IClassFixture<ApiKeyStores>;

public sealed class ElasticsearchRebuildTests(ElasticsearchStores.Fresh stores)
    : OrderRebuildContract(stores), IClassFixture<ElasticsearchStores.Fresh>;

public sealed class ElasticsearchScopeTests(ElasticsearchStores stores)
    : OrderScopeContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchNamesTests(ApiKeyStores stores)
    : NamesContract(stores), IClassFixture<ApiKeyStores>;

public sealed class ElasticsearchCustomerSearchTests(ElasticsearchStores stores)
    : CustomerSearchContract(stores), IClassFixture<ElasticsearchStores>;

public sealed class ElasticsearchRankingTests(ElasticsearchStores stores, ITestOutputHelper output)
    : RankingContract(stores, output), IClassFixture<ElasticsearchStores>;
