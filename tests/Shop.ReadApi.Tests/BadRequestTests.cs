using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Testing.Requests;

namespace Shop.ReadApi.Tests;

public abstract class BadRequestTests(ReadApiFixture fixture)
{
    private const string Id = "01890a5d-ac96-774b-bcce-b302099a8057";

    [SkippableTheory]
    [InlineData("size", "size=0")]
    [InlineData("size", "size=-1")]
    [InlineData("size", "size=101")]
    [InlineData("size", "size=10001")]
    [InlineData("size", "size=1e2")]
    [InlineData("size", "size=99999999999999999999")]
    [InlineData("size", "size=1&size=2")]
    [InlineData("sort", "sort=price")]
    [InlineData("sort", "sort=1")]
    [InlineData("facets", "facets=status,colour")]
    [InlineData("status", "status=PAID")]
    [InlineData("status", "status=paid&status=lost")]
    [InlineData("customerId", "customerId=x")]
    [InlineData("customerId", "customerId=%7B01890a5d-ac96-774b-bcce-b302099a8057%7D")]
    [InlineData("customerId", $"customerId={Id}%0A")]
    [InlineData("customerId", $"customerId=%20{Id}")]
    [InlineData("status", "status=paid%0A")]
    [InlineData("status", "status=paid,%20placed")]
    [InlineData("country", "country=DE%0A")]
    [InlineData("country", "country=de")]
    [InlineData("currency", "currency=EUR%20")]
    [InlineData("facets", "facets=%09status")]
    [InlineData("waitFor", $"waitFor={Id}:1%0A")]
    [InlineData("size", "size=20%0A")]
    [InlineData("size", "size=20%00")]
    [InlineData("totalFrom", "totalFrom=1%00")]
    [InlineData("waitFor", $"waitFor={Id}:1%00")]
    [InlineData("customerId", "customerId=%2B1a21e8a-b02c-7000-8000-000000000000")]
    [InlineData("customerId", "customerId=0x000000-0000-4000-8000-000000000000")]
    [InlineData("category", "category=%00")]
    [InlineData("sku", "sku=a%00b")]
    [InlineData("q", "q=%00")]
    [InlineData("q", "q=lamp%00")]
    [InlineData("placedFrom", "placedFrom=yesterday")]
    [InlineData("placedFrom", "placedFrom=2025-02-30")]
    [InlineData("placedFrom", "placedFrom=2025-01-01T00:00:00")]
    [InlineData("placedTo", "placedTo=0000-00-00")]
    [InlineData("placedTo", "placedFrom=2025-01-02&placedTo=2025-01-01")]
    [InlineData("totalFrom", "totalFrom=-1")]
    [InlineData("totalFrom", "totalFrom=12.99")]
    [InlineData("totalTo", "totalFrom=2&totalTo=1")]
    [InlineData("highlight", "highlight=yes")]
    [InlineData("cursor", "cursor=AAAA")]
    [InlineData("cursor", "cursor=!")]
    [InlineData("cursor", "cursor=eyJ2YWx1ZXMiOlsiMSJdfQ")]
    [InlineData("waitFor", "waitFor=x")]
    [InlineData("waitFor", $"waitFor={Id}")]
    [InlineData("waitFor", $"waitFor={Id}:0")]
    [InlineData("waitFor", $"waitFor={Id}:1:2")]
    [InlineData("waitTimeoutMs", "waitTimeoutMs=10001")]
    [InlineData("waitTimeoutMs", "waitTimeoutMs=-1")]
    public async Task What_is_wrong_is_said_by_parameter(string parameter, string query)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/search?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal([parameter], problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        Assert.NotEmpty(problem.GetProperty("code").GetString()!);
        Assert.Equal(400, problem.GetProperty("status").GetInt32());
    }

    [SkippableTheory]
    [InlineData("status", "paid")]
    [InlineData("sku", "a")]
    [InlineData("waitFor", $"{Id}:1")]
    public async Task More_values_than_a_parameter_may_have_are_refused(string parameter, string value)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync(
            $"/orders/search?{parameter}={string.Join(',', Enumerable.Repeat(value, 101))}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [SkippableFact]
    public async Task All_mistakes_are_said_at_once()
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync("/orders/search?size=0&sort=x&status=y&status=z");

        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors");
        Assert.Equal(["size", "sort", "status"], errors.EnumerateObject().Select(error => error.Name).Order());
    }

    [SkippableTheory]
    [InlineData(10_000, 1, '+')]
    [InlineData(3, 1_000, '+')]
    [InlineData(3, 101, '-')]
    public async Task Too_much_text_is_refused(int length, int count, char separator)
    {
        var app = await fixture.GetAsync();
        var text = string.Join(separator, Enumerable.Repeat(new string('a', length), count));

        var response = await app.Client.GetAsync($"/orders/search?q={text}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [SkippableTheory]
    [InlineData("%22unbalanced")]
    [InlineData("*")]
    [InlineData("%22%22%22")]
    [InlineData("-")]
    [InlineData("%C3%28%FF")]
    [InlineData("%ED%A0%80")]
    [InlineData("'%3B+DROP+TABLE")]
    [InlineData("a%26b%7Cc%21%28")]
    public async Task Odd_text_is_text(string text)
    {
        var app = await fixture.GetAsync();

        var response = await app.Client.GetAsync($"/orders/search?q={text}&highlight=true");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [SkippableTheory]
    [InlineData("/orders/x", HttpStatusCode.NotFound)]
    [InlineData("/orders/01890A5DAC96774BBCCEB302099A8057", HttpStatusCode.NotFound)]
    [InlineData($"/orders/{Id}%0A", HttpStatusCode.NotFound)]
    [InlineData("/orders/%2B1a21e8a-b02c-7000-8000-000000000000", HttpStatusCode.NotFound)]
    [InlineData($"/customers/%7B{Id}%7D", HttpStatusCode.NotFound)]
    [InlineData($"/customers/{Id}%20/orders", HttpStatusCode.NotFound)]
    [InlineData($"/orders/{Id}?waitFor=1", HttpStatusCode.BadRequest)]
    public async Task Another_form_of_an_id_is_none(string url, HttpStatusCode status)
    {
        var app = await fixture.GetAsync();

        using var response = await app.Client.GetAsync(url);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [SkippableFact]
    public async Task No_query_of_any_route_fails()
    {
        var app = await fixture.GetAsync();
        var queries = new GeneratedQueries(await app.GetAsync("/openapi/v1.json"), seed: 4711);
        Dictionary<string, int> found = [];
        for (var i = 0; i < 600; i++)
        {
            var (route, url) = queries.Next();

            // The stream of a live route does not end, so that only its header is read.
            using var response = await app.Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);

            Assert.True(
                (int)response.StatusCode is 200 or 400 or 404,
                $"{response.StatusCode}: {url} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
            if (response.StatusCode == HttpStatusCode.OK)
                found[route] = found.GetValueOrDefault(route) + 1;
        }

        // Routes with an id find nothing.
        Assert.Empty(queries.Routes.Where(route => !route.Contains('{', StringComparison.Ordinal)).Except(found.Keys));
    }
}

public sealed class PostgreSqlBadRequestTests(OnPostgreSql app) : BadRequestTests(app), IClassFixture<OnPostgreSql>;

public sealed class ElasticsearchBadRequestTests(OnElasticsearch app) : BadRequestTests(app), IClassFixture<OnElasticsearch>;
