using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class SecuredIndexTests(SecuredStores stores) : OrderIndexContract(stores), IClassFixture<SecuredStores>;

public sealed class SecuredWordsTests(SecuredStores stores) : OrderWordsContract(stores), IClassFixture<SecuredStores>;

public sealed class SecuredFiltersTests(ApiKeyStores stores)
    : OrderFiltersContract(stores), IClassFixture<ApiKeyStores>;

public sealed class SecuredPagesTests(ApiKeyStores stores) : OrderPagesContract(stores), IClassFixture<ApiKeyStores>;
