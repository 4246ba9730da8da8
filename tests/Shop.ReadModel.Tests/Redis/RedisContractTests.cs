using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Redis;

public sealed class RedisIndexTests(RedisStores stores) : OrderIndexContract(stores), IClassFixture<RedisStores>;

public sealed class RedisPagesTests(RedisStores stores) : OrderPagesContract(stores), IClassFixture<RedisStores>;

public sealed class RedisScopeTests(RedisStores stores) : OrderScopeContract(stores), IClassFixture<RedisStores>;
