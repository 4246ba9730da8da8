using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.Testing;

namespace Shop.ReadModel.Tests.Consistency;

public sealed class VersionAwaiterTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly VisibleVersions _store = new();
    private readonly VersionAwaiter _awaiter;

    public VersionAwaiterTests() => _awaiter = new(_store, TimeProvider.System);

    [Fact]
    public async Task What_is_visible_is_not_waited_for()
    {
        var id = Guid.CreateVersion7();
        _store.Versions[id] = 3;

        Assert.Empty(await _awaiter.WaitAsync([new(id, 2), new(id, 3)], Long, default));
        Assert.Empty(await _awaiter.WaitAsync([], TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_version_that_comes_ends_the_wait()
    {
        var id = Guid.CreateVersion7();
        var wait = _awaiter.WaitAsync([new(id, 2)], Long, default);
        _store.Versions[id] = 1;
        Assert.False(wait.IsCompleted);

        _store.Versions[id] = 2;

        Assert.Empty(await wait);
    }

    [Fact]
    public async Task What_is_late_is_named_with_what_is_visible()
    {
        var (behind, missing, there) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        _store.Versions[behind] = 4;
        _store.Versions[there] = 1;

        var time = new FakeTimeProvider();

        var wait = new VersionAwaiter(_store, time).WaitAsync(
            [new(behind, 5), new(missing, 1), new(there, 1)], Long, default);
        await Eventually.HoldsAsync(LooksAgainAsync, "the second look follows what the first one found");
        time.Advance(Long);

        Assert.Equal([new(behind, 5, 4), new(missing, 1, null)], await wait);

        Task<bool> LooksAgainAsync()
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return Task.FromResult(_store.Looks >= 2);
        }
    }

    [Fact]
    public async Task Many_readers_wait_with_one_query_at_a_time()
    {
        Guid[] ids = [.. Enumerable.Range(0, 500).Select(_ => Guid.CreateVersion7())];
        var waits = ids.Select(id => _awaiter.WaitAsync([new(id, 1)], Long, default)).ToArray();
        foreach (var id in ids)
            _store.Versions[id] = 1;

        Assert.All(await Task.WhenAll(waits), Assert.Empty);
        Assert.Equal(1, _store.MostAtOnce);
    }

    [Fact]
    public async Task A_store_that_is_away_fails_the_wait_and_not_the_next_one()
    {
        var id = Guid.CreateVersion7();
        _store.IsAway = true;
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => _awaiter.WaitAsync([new(id, 1)], Long, default));

        _store.IsAway = false;
        _store.Versions[id] = 1;

        Assert.Empty(await _awaiter.WaitAsync([new(id, 1)], Long, default));
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_its_wait()
    {
        using var cancellation = new CancellationTokenSource(Soon);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _awaiter.WaitAsync([new(Guid.CreateVersion7(), 1)], Long, cancellation.Token));
    }

    [Fact]
    public async Task A_version_that_is_told_ends_the_wait_without_another_look()
    {
        var (told, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        // The clock stands still: nothing is polled for.
        var awaiter = new VersionAwaiter(_store, new FakeTimeProvider()) { IsTold = true };
        var wait = awaiter.WaitAsync([new(told, 2), new(other, 1)], Long, default);

        awaiter.Tell(new Dictionary<Guid, long> { [told] = 3 });
        awaiter.Tell(new Dictionary<Guid, long> { [told] = 1, [Guid.CreateVersion7()] = 1 });
        Assert.False(wait.IsCompleted);
        awaiter.Tell(new Dictionary<Guid, long> { [other] = 1 });

        Assert.Empty(await wait);
    }

    [Fact]
    public async Task A_hint_is_followed_at_once()
    {
        var id = Guid.CreateVersion7();
        var awaiter = new VersionAwaiter(_store, new FakeTimeProvider()) { IsTold = true };
        var wait = awaiter.WaitAsync([new(id, 1)], Long, default);
        _store.Versions[id] = 1;

        awaiter.Look();

        Assert.Empty(await wait.WaitAsync(Long));
    }

    private sealed class VisibleVersions : IOrderSearch
    {
        private int _looks;
        private int _now;

        public ConcurrentDictionary<Guid, long> Versions { get; } = [];
        public bool IsAway { get; set; }
        public int MostAtOnce { get; private set; }
        public int Looks => _looks;

        public async Task<IReadOnlyDictionary<Guid, long>> SearchableVersionsAsync(
            IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            await Task.Yield();
            Interlocked.Decrement(ref _now);
            return IsAway
                ? throw new ReadStoreUnavailableException("away")
                : Versions.Where(version => ids.Contains(version.Key)).ToDictionary();
        }

        public Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<OrderDocument?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
