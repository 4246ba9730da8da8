using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.ReadApi.Tests;

public abstract class SuggestTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task A_suggestion_has_the_names_that_callers_rely_on()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("suggested");
        await app.ApplyWithNamesAsync(order);

        var customer = await app.GetAsync($"/orders/suggest?q={Uri.EscapeDataString(order.Customer.Name[..2])}&limit=1");
        var corrected = await app.GetAsync($"/orders/suggest?q=gren+lmap&limit=1");
        var none = await app.GetAsync("/orders/suggest");

        Assert.Equal(
            $$"""{"suggestions":[{"kind":"customer","text":"{{order.Customer.Name}}","id":"{{order.Customer.Id}}"}]}""",
            customer.GetRawText());
        Assert.Equal(
            """{"suggestions":[{"kind":"product","text":"Red & green lamp","id":"LAMP-1"}],"corrected":"green lamp"}""",
            corrected.GetRawText());
        Assert.Equal("""{"suggestions":[]}""", none.GetRawText());
    }

    [SkippableTheory]
    [InlineData("limit", "q=a&limit=0")]
    [InlineData("limit", "q=a&limit=21")]
    [InlineData("limit", "q=a&limit=x")]
    [InlineData("q", "q=a%00")]
    public async Task What_is_wrong_is_said_by_parameter(string parameter, string query)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/suggest?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([parameter], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
    }
}

public sealed class PostgreSqlSuggestTests(OnPostgreSql app) : SuggestTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchSuggestTests(OnElasticsearch app) : SuggestTests(app), IClassFixture<OnElasticsearch>;
