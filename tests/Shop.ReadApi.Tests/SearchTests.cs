using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

public abstract class SearchTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task A_typing_mistake_is_forgiven_and_said_on_every_page()
    {
        var app = await fixture.GetAsync();
        var word = string.Concat($"{Guid.CreateVersion7():N}"[..12].Select(c => (char)('a' + (c % 16)))) + "yz";
        await app.ApplyAsync(ReadApiApp.Order(word), ReadApiApp.Order(word), ReadApiApp.Order(word));
        var url = $"/orders/search?q={word[..^2]}zy&size=2";

        var first = await app.GetAsync(url);
        var second = await app.GetAsync($"{url}&cursor={first.GetProperty("nextCursor").GetString()}");
        var typed = await app.GetAsync($"/orders/search?q={word}");

        Assert.Equal(word, first.GetProperty("corrected").GetString());
        Assert.Equal((2, 1), (first.GetProperty("items").GetArrayLength(), second.GetProperty("items").GetArrayLength()));
        Assert.False(typed.TryGetProperty("corrected", out _));
    }

    [SkippableFact]
    public async Task A_search_answers_with_the_names_that_callers_rely_on()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("quokka");
        await app.ApplyAsync(order);
        await app.SaveFreshnessAsync(order.UpdatedAt);

        // The freshness is cached for a moment.
        var answer = await Eventually.GetAsync(
            () => app.GetAsync(
                "/orders/search?q=quokka lam&facets=status,category&facets=country&highlight=true"),
            page => page.GetProperty("freshness").GetProperty("asOf").ValueKind is JsonValueKind.String,
            "the freshness is known");

        var item = Assert.Single(answer.GetProperty("items").EnumerateArray());
        Assert.Equal(order.Id, item.GetProperty("id").GetGuid());
        Assert.Equal(order.Number, item.GetProperty("number").GetString());
        Assert.Equal(1, item.GetProperty("version").GetInt64());
        Assert.Equal("paid", item.GetProperty("status").GetString());
        Assert.Equal("duc@example.com", item.GetProperty("customer").GetProperty("email").GetString());
        var line = item.GetProperty("lines")[0];
        Assert.Equal("LAMP-1", line.GetProperty("sku").GetString());
        Assert.Equal(2, line.GetProperty("quantity").GetInt32());
        Assert.Equal("""{"amount":1250,"currency":"EUR"}""", line.GetProperty("unitPrice").GetRawText());
        Assert.Equal(2_500, item.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal("2025-03-01T12:00:00+00:00", item.GetProperty("placedAt").GetString());
        Assert.Equal("10115", item.GetProperty("shippingAddress").GetProperty("postalCode").GetString());
        Assert.Equal("quokka", item.GetProperty("note").GetString());
        var highlights = item.GetProperty("highlights");
        Assert.Equal("Red &amp; green <mark>lamp</mark>", highlights.GetProperty("lines.name")[0].GetString());
        Assert.Equal("""{"value":1,"relation":"eq"}""", answer.GetProperty("total").GetRawText());
        var facets = answer.GetProperty("facets");
        Assert.Equal(["status", "category", "country"], facets.EnumerateObject().Select(facet => facet.Name));
        Assert.Equal("""[{"value":"paid","count":1}]""", facets.GetProperty("status").GetRawText());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("nextCursor").ValueKind);
        Assert.True(answer.GetProperty("tookMs").GetDouble() >= 0);
        Assert.True(answer.GetProperty("freshness").GetProperty("lagMs").GetInt64() > 0);
        Assert.Equal("2025-03-01T13:00:00+00:00", answer.GetProperty("freshness").GetProperty("asOf").GetString());
    }

    [SkippableTheory]
    [InlineData("status=paid&status=placed", 1)]
    [InlineData("status=placed", 0)]
    [InlineData("sku=LAMP-1&country=DE&category=Lighting&currency=EUR", 1)]
    [InlineData("country=VN", 0)] // The shipping address's, not the customer's.
    [InlineData("placedFrom=2025-03-01&placedTo=2025-03-01", 1)]
    [InlineData("placedFrom=2025-03-02", 0)]
    [InlineData("placedTo=2025-02-28", 0)]
    [InlineData("placedFrom=2025-03-01T12:00:00Z&placedTo=2025-03-01T12:00:00Z", 1)]
    [InlineData("placedFrom=2025-03-01T13:00:00.5%2B01:00", 0)]
    [InlineData("totalFrom=2500&totalTo=2500", 1)]
    [InlineData("totalTo=2499", 0)]
    [InlineData("status=&sort=&size=&cursor=&placedFrom=", 1)] // A form's empty fields.
    public async Task Filters_are_read_from_the_query(string filters, int found)
    {
        var app = await fixture.GetAsync();
        var word = $"word{Guid.CreateVersion7():N}";
        await app.ApplyAsync(ReadApiApp.Order(word));

        var answer = await app.GetAsync($"/orders/search?q={word}&{filters}");

        Assert.Equal(found, answer.GetProperty("items").GetArrayLength());
    }

    [SkippableFact]
    public async Task A_cursor_leads_to_the_next_page_of_its_own_search_only()
    {
        var app = await fixture.GetAsync();
        var orders = Enumerable.Range(0, 5).Select(_ => ReadApiApp.Order("pagination")).ToArray();
        await app.ApplyAsync(orders);

        List<Guid> seen = [];
        string? cursor = null;
        string? last = null;
        do
        {
            var page = await app.GetAsync($"/orders/search?q=pagination&size=2&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            last = cursor ?? last;
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        Assert.Equal(orders.Select(order => order.Id).Order(), seen.Order());
        var other = await app.Client.GetAsync($"/orders/search?q=other&size=2&cursor={last}");
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
        var problem = await other.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("cursor.invalid", problem.GetProperty("code").GetString());
    }
}

public sealed class PostgreSqlSearchTests(OnPostgreSql app) : SearchTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchSearchTests(OnElasticsearch app) : SearchTests(app), IClassFixture<OnElasticsearch>;
