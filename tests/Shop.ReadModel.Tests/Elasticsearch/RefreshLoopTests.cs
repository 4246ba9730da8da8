using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.Elasticsearch.Client;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class RefreshLoopTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_failed_refresh_fails_its_waiters_and_is_tried_again()
    {
        var options = new ElasticsearchOptions { BacklogRefreshInterval = TimeSpan.FromMilliseconds(50) };
        var client = ElasticsearchClientFactory.Create(ElasticsearchConnection.Parse("http://127.0.0.1:1"), options);
        using var loop = new RefreshLoop(new ElasticsearchRest(client), options, Loops.Services);
        await loop.StartAsync(default);
        loop.MarkDirty(1);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => loop.WhenCleanAsync(default).WaitAsync(Long));
        }

        Assert.NotNull(loop.LastError);
        await loop.StopAsync(default);
    }
}
