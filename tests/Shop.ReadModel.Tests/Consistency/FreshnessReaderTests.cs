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

        await store.Store.Index.SaveFreshnessAsync(new Dictionary<int, DateTimeOffset> { [0] = _time.GetUtcNow() }, default);
        Assert.Null(await reader.ReadAsync(default));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(_time.GetUtcNow().AddSeconds(-1), await reader.ReadAsync(default));
    }
}
