using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.ReadApi.Tests;

public abstract class GetOrderTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task An_order_comes_with_its_version_and_timeline()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("one", version: 7);
        await app.ApplyAsync(order);

        var response = await app.Client.GetAsync($"/orders/{order.Id}");

        Assert.Equal("\"7\"", response.Headers.ETag?.ToString());
        var item = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(7, item.GetProperty("version").GetInt64());
        Assert.Equal(
            """[{"type":"placed","at":"2025-03-01T12:00:00+00:00","version":1}]""",
            item.GetProperty("timeline").GetRawText());
    }

    [SkippableFact]
    public async Task An_unknown_order_is_not_found()
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/{Guid.CreateVersion7()}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("order.not-found", problem.GetProperty("code").GetString());
    }

    [SkippableFact]
    public async Task A_read_waits_until_the_version_is_there()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("patience", version: 1);
        var read = app.GetAsync($"/orders/{order.Id}?waitFor={order.Id}:2&waitTimeoutMs=10000");
        var search = app.GetAsync($"/orders/search?q=patience&waitFor={order.Id}:2&waitTimeoutMs=10000");
        await app.ApplyAsync(order);

        await app.ApplyAsync(order with { Version = 2 });

        Assert.Equal(2, (await read).GetProperty("version").GetInt64());
        Assert.Equal(2, (await search).GetProperty("items")[0].GetProperty("version").GetInt64());
    }

    [SkippableTheory]
    [InlineData("/orders/{0}?waitFor={0}:5&waitTimeoutMs=50")]
    [InlineData("/orders/search?waitFor={0}:5&waitTimeoutMs=50")]
    public async Task A_version_that_is_late_is_refused_with_the_visible_one(string url)
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("late", version: 4);
        await app.ApplyAsync(order);

        var response = await app.Client.GetAsync(string.Format(null, url, order.Id));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("read-side.stale", problem.GetProperty("code").GetString());
        var visible = Assert.Single(problem.GetProperty("visible").EnumerateArray());
        Assert.Equal(order.Id, visible.GetProperty("id").GetGuid());
        Assert.Equal(4, visible.GetProperty("version").GetInt64());
    }
}

public sealed class PostgreSqlGetOrderTests(OnPostgreSql app) : GetOrderTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchGetOrderTests(OnElasticsearch app) : GetOrderTests(app), IClassFixture<OnElasticsearch>;
