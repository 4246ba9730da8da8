using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class PostgreSqlIndexTests(PostgreSqlStores stores)
    : OrderIndexContract(stores), IClassFixture<PostgreSqlStores>;
