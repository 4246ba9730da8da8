using Microsoft.Extensions.Time.Testing;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Tests.Redis;

namespace Shop.ReadModel.Tests.Consistency;

public sealed class FreshnessReaderTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Readers_of_the_same_moment_share_an_answer_and_later_ones_get_a_new_one()
    {
        var store = new MemoryStore();
        var reader = new FreshnessReader(store.Store.Search, _time);
        Assert.Null(await reader.ReadAsync(default));

        var asOf = _time.GetUtcNow();
        await store.Store.Index.SaveFreshnessAsync(
            new(new Dictionary<int, DateTimeOffset?> { [0] = asOf }, PartitionCount: 1, asOf, Problem: null), default);
        Assert.Null(await reader.ReadAsync(default));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(asOf, (await reader.ReadAsync(default))?.AsOf);
    }
}
