using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Contracts;

namespace Shop.ReadApi.Tests;

public abstract class StatisticsTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task Statistics_have_the_names_that_callers_rely_on()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("counted");
        await app.ApplyAsync(order);

        var found = await app.GetAsync($"/orders/statistics?customerId={order.Customer.Id}&timeZone=Asia/Kathmandu");

        const string Revenue = """[{"currency":"EUR","amount":2500}]""";
        Assert.Equal(1, found.GetProperty("count").GetInt32());
        Assert.Equal(Revenue, found.GetProperty("revenue").GetRawText());
        Assert.Equal($$"""[{"day":"2025-03-01","count":1,"revenue":{{Revenue}}}]""", found.GetProperty("byDay").GetRawText());
        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
            [("byStatus", "paid"), ("byCategory", "Lighting"), ("byCountry", "DE"), ("byCurrency", "EUR")])
        {
            Assert.Equal(
                $$"""[{"value":"{{value}}","count":1,"revenue":{{Revenue}}}]""", found.GetProperty(name).GetRawText());
        }
    }

    [SkippableFact]
    public async Task Statistics_are_of_the_orders_that_a_search_finds()
    {
        var app = await fixture.GetAsync();
        var word = $"w{Guid.CreateVersion7():N}";
        await app.ApplyAsync(
            ReadApiApp.Order(word), ReadApiApp.Order(word) with { Status = OrderStatuses.Cancelled },
            ReadApiApp.Order("other"));

        var all = await app.GetAsync($"/orders/statistics?q={word}");
        var paid = await app.GetAsync($"/orders/statistics?q={word}&status=paid");

        Assert.Equal((2, 1), (all.GetProperty("count").GetInt32(), paid.GetProperty("count").GetInt32()));
    }

    [SkippableTheory]
    [InlineData("timeZone", "timeZone=Mars/Olympus")]
    [InlineData("timeZone", "timeZone=%2B01:00")]
    [InlineData("timeZone", "timeZone=Foo/Bar3")]
    [InlineData("timeZone", "timeZone=../etc/passwd")]
    [InlineData("timeZone", "timeZone=UTC&timeZone=Europe/Berlin")]
    [InlineData("status", "status=lost")]
    [InlineData("q", "q=%00")]
    public async Task What_is_wrong_is_said_by_parameter(string parameter, string query)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/statistics?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([parameter], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}

public sealed class PostgreSqlStatisticsTests(OnPostgreSql app) : StatisticsTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchStatisticsTests(OnElasticsearch app) : StatisticsTests(app), IClassFixture<OnElasticsearch>;
