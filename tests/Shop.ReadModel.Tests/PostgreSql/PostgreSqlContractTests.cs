using Shop.ReadModel.Tests.Contract;
using Xunit.Abstractions;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class PostgreSqlIndexTests(PostgreSqlStores stores)
    : OrderIndexContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlWordsTests(PostgreSqlStores stores)
    : OrderWordsContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlTextTests(PostgreSqlStores stores)
    : OrderTextContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlPhoneNumbersTests(PostgreSqlStores stores)
    : PhoneNumbersContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlRelevanceTests(PostgreSqlStores stores)
    : OrderRelevanceContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlFiltersTests(PostgreSqlStores stores)
    : OrderFiltersContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlStatisticsTests(PostgreSqlStores stores)
    : OrderStatisticsContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlMatcherTests(PostgreSqlStores stores)
    : OrderMatcherContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlRelevanceTableTests(PostgreSqlStores stores)
    : RelevanceTableContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlSuggestionsTests(PostgreSqlStores stores)
    : OrderSuggestionsContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlPagesTests(PostgreSqlStores stores)
    : OrderPagesContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlRebuildTests(PostgreSqlStores stores)
    : OrderRebuildContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlScopeTests(PostgreSqlStores stores)
    : OrderScopeContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlNamesTests(PostgreSqlStores stores)
    : NamesContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlCustomerSearchTests(PostgreSqlStores stores)
    : CustomerSearchContract(stores), IClassFixture<PostgreSqlStores>;

public sealed class PostgreSqlRankingTests(PostgreSqlStores stores, ITestOutputHelper output)
    : RankingContract(stores, output), IClassFixture<PostgreSqlStores>;
