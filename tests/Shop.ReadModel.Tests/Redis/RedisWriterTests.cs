using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.ReadModel.Redis;
using Shop.Testing;
using StackExchange.Redis;

namespace Shop.ReadModel.Tests.Redis;

/// <summary>Uses a fake connection, because a real server cannot be made to have its responses handled out of order.</summary>
public sealed class RedisWriterTests
{
    [Fact]
    public async Task A_late_response_does_not_lead_back_to_an_older_epoch()
    {
        var redis = DispatchProxy.Create<IConnectionMultiplexer, FakeRedis>();
        var fake = (FakeRedis)(object)redis;
        using var writer = new RedisWriter(
            redis, new() { Timeout = TimeSpan.FromMinutes(1) }, TimeProvider.System, NullLogger<RedisWriter>.Instance);
        Guid[] orders = [.. Enumerable.Range(0, 3).Select(_ => Guid.CreateVersion7())];
        await Eventually.HoldsAsync(
            () =>
            {
                writer.Invalidate([orders[0]]);
                return Task.FromResult(!fake.Responses.IsEmpty);
            },
            "The writer has an epoch");
        writer.Invalidate([orders[1]]);
        var (late, early) = (fake.Responses.First(), fake.Responses.Last());

        early.SetResult("third");
        await DeletedAsync("third", orders[1]);
        late.SetResult("second");
        await DeletedAsync("third", orders[0]);
        writer.Invalidate([orders[2]]);

        await DeletedAsync("third", orders[2]);

        Task DeletedAsync(string epoch, Guid order) => Eventually.HoldsAsync(
            () => Task.FromResult(fake.Deleted.Contains(RedisKeys.Order(epoch, order))), $"{order} is removed in {epoch}");
    }

    /// <summary>A connection and a database that return the epoch when the test completes the response.</summary>
    public class FakeRedis : DispatchProxy
    {
        private IDatabase? _database;

        internal ConcurrentQueue<TaskCompletionSource<RedisValue>> Responses { get; private set; } = [];

        internal ConcurrentBag<RedisKey> Deleted { get; private set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (targetMethod!.Name)
            {
                case nameof(IConnectionMultiplexer.GetDatabase):
                    _database = Create<IDatabase, FakeRedis>();
                    ((FakeRedis)(object)_database).Responses = Responses;
                    ((FakeRedis)(object)_database).Deleted = Deleted;
                    return _database;
                case nameof(IDatabase.StringGetAsync):
                    var response = new TaskCompletionSource<RedisValue>(TaskCreationOptions.RunContinuationsAsynchronously);
                    Responses.Enqueue(response);
                    return response.Task;
                case nameof(IDatabase.KeyDeleteAsync):
                    Deleted.Add((RedisKey)args![0]!);
                    return Task.FromResult(true);
                case nameof(IDatabase.StringSetAsync):
                    return Task.FromResult(true);
                default:
                    return null;
            }
        }
    }
}
