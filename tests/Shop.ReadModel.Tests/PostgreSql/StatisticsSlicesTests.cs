using Microsoft.Extensions.Time.Testing;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.PostgreSql.Statistics;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class StatisticsSlicesTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    [Fact]
    public async Task All_slices_of_statistics_are_of_one_moment()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 200).Select(i => Orders.WithNote($"note {i}"))];
        await store.ApplyAsync(orders);
        var time = new RestingTime();
        var statistics = new PostgreSqlOrderStatistics(stores.DataSource, new PostgreSqlOptions { StatisticsBlocks = 1 }, time);

        var reading = statistics.ReadAsync(Orders.All, "UTC", default);
        await time.Rested.WaitAsync(TimeSpan.FromSeconds(30));
        await store.ApplyAsync(
        [
            .. orders.Select(order => order with { Version = 2, Status = OrderStatuses.Cancelled }),
            .. Enumerable.Range(0, 100).Select(i => Orders.WithNote($"later {i}")),
        ]);
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(reading.IsCompleted);
            },
            "all slices are read");

        var found = await reading;
        Assert.Equal(200, found.Count);
        Assert.Equal(orders[0].Status, Assert.Single(found.ByStatus).Value);
    }

    /// <summary>Notices that somebody rests until the time advances.</summary>
    private sealed class RestingTime : FakeTimeProvider
    {
        private readonly TaskCompletionSource _rested = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Rested => _rested.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _rested.TrySetResult();
            return timer;
        }
    }
}
