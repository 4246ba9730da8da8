using Shop.ReadModel;

namespace Shop.ReadApi.Tests;

/// <summary>Reads never go back in time, by id and by search, while the read store is rebuilt and cut over.</summary>
public abstract class CutoverTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task An_awaited_version_or_a_newer_one_is_found_across_a_cutover()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("cutover");
        await app.ApplyAsync(order);
        var cutover = CutOverAsync(app, order.Id);

        var version = 1;
        for (var remaining = 20; remaining > 0; remaining -= cutover.IsCompleted ? 1 : 0)
        {
            version++;
            await app.WriteAsync(order with { Version = version });
            var awaited = $"waitFor={order.Id}:{version}&waitTimeoutMs=10000";

            var found = (await app.GetAsync($"/orders/search?q=cutover&{awaited}")).GetProperty("items");
            var read = await app.GetAsync($"/orders/{order.Id}?{awaited}");

            Assert.Equal(version, Assert.Single(found.EnumerateArray()).GetProperty("version").GetInt64());
            Assert.Equal(version, read.GetProperty("version").GetInt64());
        }

        await cutover;
        Assert.NotNull((await app.Generations.ReadAsync(default)).Previous);
    }

    private static async Task CutOverAsync(ReadApiApp app, Guid id)
    {
        await app.Generations.CreateShadowAsync(default);
        var current = await app.GetAsync($"/orders/{id}");
        await app.Generations.Shadow.ApplyAsync([ReadApiApp.Parse(current)], default);
        await app.Generations.CutOverAsync(
            new(RebuildOutcome.Completed, Generation: null, IsRollback: false, DateTimeOffset.UnixEpoch), default);
    }
}

public sealed class PostgreSqlCutoverTests(OnPostgreSql app) : CutoverTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchCutoverTests(OnElasticsearch app)
    : CutoverTests(app), IClassFixture<OnElasticsearch>;
