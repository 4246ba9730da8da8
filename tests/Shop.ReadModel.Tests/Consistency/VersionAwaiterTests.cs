using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Shop.ReadModel.Consistency;
using Shop.Testing;

namespace Shop.ReadModel.Tests.Consistency;

public sealed class VersionAwaiterTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static readonly CallerScope All = CallerScope.Everything;
    private static readonly Guid Customer = Guid.CreateVersion7();

    private readonly VisibleVersions _store = new();
    private readonly VersionAwaiter _awaiter;

    public VersionAwaiterTests() => _awaiter = new(_store, TimeProvider.System);

    [Fact]
    public async Task Visible_versions_are_not_waited_for()
    {
        var id = Guid.CreateVersion7();
        _store.Versions[id] = 3;

        Assert.Empty(await _awaiter.WaitAsync([new(id, 2), new(id, 3)], All, Long, default));
        Assert.Empty(await _awaiter.WaitAsync([], All, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task The_wait_ends_when_the_version_becomes_visible()
    {
        var id = Guid.CreateVersion7();
        var wait = _awaiter.WaitAsync([new(id, 2)], All, Long, default);
        _store.Versions[id] = 1;
        Assert.False(wait.IsCompleted);

        _store.Versions[id] = 2;

        Assert.Empty(await wait);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    public async Task Late_versions_are_reported_with_the_visible_ones(int timeoutMs)
    {
        var (behind, missing, there) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        _store.Versions[behind] = 4;
        _store.Versions[there] = 1;

        var late = await _awaiter.WaitAsync(
            [new(behind, 5), new(missing, 1), new(there, 1)], All, TimeSpan.FromMilliseconds(timeoutMs), default);

        Assert.Equal([new(behind, 5, 4), new(missing, 1, null)], late);
    }

    [Fact]
    public async Task Many_readers_wait_with_one_query_at_a_time()
    {
        Guid[] ids = [.. Enumerable.Range(0, 500).Select(_ => Guid.CreateVersion7())];
        var waits = ids.Select(id => _awaiter.WaitAsync([new(id, 1)], All, Long, default)).ToArray();
        foreach (var id in ids)
            _store.Versions[id] = 1;

        Assert.All(await Task.WhenAll(waits), Assert.Empty);
        Assert.Equal(1, _store.MostAtOnce);
    }

    [Fact]
    public async Task A_store_that_is_down_fails_the_wait_but_not_the_next_one()
    {
        var id = Guid.CreateVersion7();
        _store.IsDown = true;
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => _awaiter.WaitAsync([new(id, 1)], All, Long, default));

        _store.IsDown = false;
        _store.Versions[id] = 1;

        Assert.Empty(await _awaiter.WaitAsync([new(id, 1)], All, Long, default));
    }

    [Fact]
    public async Task A_reader_that_was_checked_before_gets_the_failure_of_the_store()
    {
        _awaiter.IsListening = true;
        var wait = _awaiter.WaitAsync([new(Guid.CreateVersion7(), 1)], All, Long, default);
        await Eventually.HoldsAsync(() => Task.FromResult(_store.Queries > 0), "the reader was checked");

        _store.IsDown = true;
        _awaiter.IsListening = false;

        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => wait);
    }

    [Fact]
    public async Task A_reader_that_disconnects_ends_its_wait()
    {
        using var cancellation = new CancellationTokenSource(Soon);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _awaiter.WaitAsync([new(Guid.CreateVersion7(), 1)], All, Long, cancellation.Token));
    }

    [Fact]
    public async Task A_notified_version_ends_the_wait_without_another_query()
    {
        var (notified, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        // The clock stands still, so that no check repeats.
        var awaiter = new VersionAwaiter(_store, new FakeTimeProvider()) { IsListening = true };
        var wait = awaiter.WaitAsync([new(notified, 2), new(other, 1)], All, Long, default);

        awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [notified] = Of(3) });
        awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [notified] = Of(1), [Guid.CreateVersion7()] = Of(1) });
        Assert.False(wait.IsCompleted);
        awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [other] = Of(1) });

        Assert.Empty(await wait);
    }

    [Fact]
    public async Task A_version_that_was_notified_before_is_not_queried()
    {
        var id = Guid.CreateVersion7();
        _awaiter.IsListening = true;
        _awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [id] = Of(3) });
        _awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [id] = Of(2) });

        Assert.Empty(await _awaiter.WaitAsync([new(id, 3)], All, TimeSpan.Zero, default));
        Assert.Equal(0, _store.Queries);

        Assert.Equal([new(id, 4, 3)], await _awaiter.WaitAsync([new(id, 4)], All, TimeSpan.Zero, default));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waiting_for_an_order_of_another_customer_is_like_waiting_for_a_missing_one(bool isNotified)
    {
        var id = Guid.CreateVersion7();
        var other = CallerScope.Of(Guid.CreateVersion7());
        _store.Versions[id] = 3;
        _awaiter.IsListening = isNotified;
        if (isNotified)
            _awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [id] = Of(3) });

        Assert.Equal([new(id, 1, null)], await _awaiter.WaitAsync([new(id, 1)], other, Soon, default));
        Assert.Empty(await _awaiter.WaitAsync([new(id, 1)], CallerScope.Of(Customer), Soon, default));
    }

    [Fact]
    public async Task What_was_notified_is_forgotten_when_the_connection_is_lost()
    {
        var id = Guid.CreateVersion7();
        _awaiter.IsListening = true;
        _awaiter.Notify(new Dictionary<Guid, VisibleVersion> { [id] = Of(3) });

        _awaiter.IsListening = false;

        Assert.Equal([new(id, 3, null)], await _awaiter.WaitAsync([new(id, 3)], All, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Only_the_newest_notifications_are_remembered()
    {
        _awaiter.IsListening = true;
        Guid[] ids = [.. Enumerable.Range(0, 50_001).Select(_ => Guid.CreateVersion7())];
        foreach (var some in ids.Chunk(100))
            _awaiter.Notify(some.ToDictionary(id => id, _ => Of(1)));

        Assert.Empty(await _awaiter.WaitAsync([new(ids[1], 1), new(ids[^1], 1)], All, TimeSpan.Zero, default));
        Assert.Equal(0, _store.Queries);
        Assert.Single(await _awaiter.WaitAsync([new(ids[0], 1)], All, TimeSpan.Zero, default));
    }

    /// <summary>Versions become visible while listening starts and stops, and some are notified late or unnamed.</summary>
    [Fact]
    public async Task Under_load_every_wait_ends_and_none_ends_early()
    {
        Guid[] ids = [.. Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7())];
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(WriteAsync);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(seed => Task.Run(() => ReadAsync(new(seed)))));
        await stop.CancelAsync();
        await writing;
        Assert.Equal(1, _store.MostAtOnce);

        async Task ReadAsync(Random random)
        {
            for (var i = 0; i < 200; i++)
            {
                var id = ids[random.Next(ids.Length)];
                var version = _store.Versions.GetValueOrDefault(id) + random.Next(3);
                Assert.Empty(await _awaiter.WaitAsync([new(id, version)], All, Long, default));
                Assert.True(_store.Versions.GetValueOrDefault(id) >= version);
            }
        }

        async Task WriteAsync()
        {
            var random = new Random(1);
            while (!stop.IsCancellationRequested)
            {
                var visible = ids.Where(_ => random.Next(3) == 0).ToDictionary(
                    id => id, id => Of(_store.Versions.AddOrUpdate(id, 1, (_, version) => version + 1)));
                if (random.Next(50) == 0)
                    _awaiter.IsListening = !_awaiter.IsListening;
                if (random.Next(10) == 0)
                    _awaiter.CheckAll();
                else if (_awaiter.IsListening)
                    _awaiter.Notify(visible);
                await Task.Delay(1);
            }
        }
    }

    private static VisibleVersion Of(long version) => new(version, Customer);

    private sealed class VisibleVersions : IOrderSearch
    {
        private int _queries;
        private int _now;

        public ConcurrentDictionary<Guid, long> Versions { get; } = [];
        public bool IsDown { get; set; }
        public int MostAtOnce { get; private set; }
        public int Queries => _queries;

        public async Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
            IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _queries);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            await Task.Yield();
            Interlocked.Decrement(ref _now);
            return IsDown
                ? throw new ReadStoreUnavailableException("The store is down.")
                : Versions.Where(version => ids.Contains(version.Key))
                    .ToDictionary(version => version.Key, version => Of(version.Value));
        }

        public Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<StoredOrder?> GetAsync(Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
