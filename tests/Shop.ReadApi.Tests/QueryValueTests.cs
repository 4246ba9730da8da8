using System.Net;
using Shop.Contracts;

namespace Shop.ReadApi.Tests;

/// <summary>How common clients write the values of a query. docs/api.md lists the rules.</summary>
public abstract class QueryValueTests(ReadApiFixture fixture)
{
    [SkippableTheory]
    [InlineData("placedFrom=2025-06-01T00:00:00.123456789Z")]
    [InlineData("placedFrom=2025-06-01t00:00:00z")]
    [InlineData("placedFrom=2025-06-01T00:00:00%2B05:45")]
    [InlineData("placedFrom=2025-06-01T00:00:00+05:45")]
    [InlineData("placedFrom=2025-06-01T00:00:00-00:00")]
    [InlineData("placedFrom=2016-12-31T23:59:60Z")]
    [InlineData("placedTo=9999-12-31T23:59:59.9999999Z")]
    [InlineData("placedFrom=0001-01-01T00:00:00Z")]
    [InlineData("highlight=True")]
    [InlineData("highlight=1")]
    [InlineData("highlight=FALSE")]
    [InlineData("highlight=")]
    [InlineData("size=&sort=&cursor=&status=")]
    [InlineData("status=paid,placed&status=shipped")]
    [InlineData("facets=status,day&facets=sku")]
    [InlineData("unknown=1")]
    public async Task A_value_as_clients_write_it_is_read(string query)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/search?{query}");

        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [SkippableTheory]
    [InlineData("q=a&q=b")]
    [InlineData("sort=newest&sort=newest")]
    [InlineData("cursor=a&cursor=b")]
    [InlineData("highlight=true&highlight=true")]
    [InlineData("placedFrom=2025-01-01&placedFrom=2025-01-02")]
    [InlineData("placedFrom=2025-01-01T12:00:60Z")]
    [InlineData("placedFrom=2025-01-01T24:00:00Z")]
    [InlineData("placedFrom=2025-01-01T12:00:00.Z")]
    [InlineData("placedFrom=2025-01-01T12:00:00Z%0A")]
    [InlineData("placedFrom=2025-01-01T12:00:00%2B24:00")]
    [InlineData("placedFrom=0001-01-01T00:00:00%2B01:00")]
    [InlineData("highlight=yes")]
    public async Task A_value_that_could_mean_two_things_is_refused(string query)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/search?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [SkippableTheory]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31")]
    [InlineData("1969-12-31T23:59:59Z", "1969-12-31")]
    public async Task No_stored_time_breaks_a_facet(string time, string day)
    {
        var app = await fixture.GetAsync();
        Assert.True(Rfc3339.TryParse(time, out var placedAt));
        var order = ReadApiApp.Order("odd") with { PlacedAt = placedAt, UpdatedAt = placedAt };
        await app.ApplyAsync(order);

        var found = await app.GetAsync($"/orders/search?facets=day&customerId={order.Customer.Id}");

        var facet = Assert.Single(found.GetProperty("facets").GetProperty("day").EnumerateArray());
        Assert.Equal(day, facet.GetProperty("value").GetString());
    }

    [SkippableTheory]
    [InlineData("If-None-Match", "W/\"1\"", 304)]
    [InlineData("If-None-Match", "\"7\", \"1\"", 304)]
    [InlineData("If-None-Match", "\"2\"", 200)]
    [InlineData("If-Match", "\"1\"", 200)]
    [InlineData("If-Match", "\"2\"", 412)]
    [InlineData("If-Match", "1", 400)]
    [InlineData("If-None-Match", "\"a\\b\"", 200)]
    [InlineData("If-None-Match", "\"a\\\", \"1\"", 304)]
    [InlineData("If-Match", "\"a\\b\"", 412)]
    [InlineData("If-None-Match", "\"1", 400)]
    [InlineData("If-None-Match", "*, \"1\"", 400)]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2999 00:00:00 GMT", 200)]
    [InlineData("If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT", 200)]
    [InlineData("Range", "bytes=0-1", 200)]
    public async Task A_condition_of_a_look_up_is_checked(string header, string value, int status)
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("conditional");
        await app.ApplyAsync(order);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/{order.Id}");
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(status, (int)(await app.Client.SendAsync(request)).StatusCode);
    }

    [SkippableFact]
    public async Task HEAD_is_GET_without_a_body()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("head");
        await app.ApplyAsync(order);
        foreach (var path in (string[])[$"/orders/{order.Id}", "/orders/search", "/orders/suggest?q=a", "/openapi/v1.json"])
        {
            using var got = await app.Client.GetAsync(path);
            using var head = await app.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));

            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Equal(got.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Equal(got.Headers.ETag, head.Headers.ETag);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        }
    }
}

public sealed class PostgreSqlQueryValueTests(OnPostgreSql app) : QueryValueTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchQueryValueTests(OnElasticsearch app) : QueryValueTests(app), IClassFixture<OnElasticsearch>;
