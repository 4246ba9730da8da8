using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.OpenApi;
using Shop.ReadModel;
using Shop.Testing.Requests;

namespace Shop.ReadApi.Tests;

public sealed class DocumentTests(OnPostgreSql fixture) : IClassFixture<OnPostgreSql>
{
    [SkippableFact]
    public async Task The_document_is_one_that_a_generator_can_read()
    {
        var app = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        var search = read.Document!.Paths["/orders/search"].Operations![HttpMethod.Get];
        var size = search.Parameters!.Single(parameter => parameter.Name == "size");
        Assert.Equal(JsonSchemaType.Integer, size.Schema!.Type);
        var content = search.Responses!["200"].Content!["application/json"];
        Assert.NotNull(content.Example);
        var item = content.Schema!.Properties!["items"].Items!.Properties!;
        Assert.Superset(
            new HashSet<string>(["number", "customer", "lines", "timeline", "highlights"]), new HashSet<string>(item.Keys));
        var order = read.Document.Paths["/orders/{id}"].Operations![HttpMethod.Get];
        Assert.Contains("shippingAddress", order.Responses!["200"].Content!["application/json"].Schema!.Properties!.Keys);
        Assert.Superset(
            new HashSet<string?>(["If-Match", "If-None-Match"]), order.Parameters!.Select(header => header.Name).ToHashSet());
    }

    [SkippableTheory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/health/lag")]
    [InlineData("/orders/search")]
    public async Task Every_route_names_its_methods(string path)
    {
        var app = await fixture.GetAsync();

        foreach (var (method, status) in ((HttpMethod, HttpStatusCode)[])
            [(HttpMethod.Options, HttpStatusCode.NoContent), (HttpMethod.Delete, HttpStatusCode.MethodNotAllowed)])
        {
            using var response = await app.Client.SendAsync(new HttpRequestMessage(method, path));

            Assert.Equal(status, response.StatusCode);
            Assert.Equal(["GET", "HEAD", "OPTIONS"], response.Content.Headers.Allow.Order());
        }
    }

    [SkippableFact]
    public async Task Numbers_of_the_document_are_plain()
    {
        var app = await fixture.GetAsync();

        var document = await app.Client.GetStringAsync("/openapi/v1.json");

        Assert.DoesNotContain("\"pattern\"", document, StringComparison.Ordinal);
        var schemas = OpenApiDocument.Parse(document, "json").Document!.Components!.Schemas!;
        var sum = schemas["Revenue"].Properties!["amount"];
        Assert.Equal((JsonSchemaType.Number, "decimal"), (sum.Type, sum.Format));
    }

    [SkippableFact]
    public async Task Money_of_the_document_has_both_its_members()
    {
        var app = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"), "json");

        Assert.Equal(["amount", "currency"], read.Document!.Components!.Schemas!["Money"].Required!.Order());
    }

    [SkippableTheory]
    [InlineData("/orders/{id}", "application/json", "text/html")]
    [InlineData("/customers/{id}", "application/json", "text/html")]
    [InlineData("/orders/export", "application/x-ndjson", "text/csv")]
    public async Task The_document_has_the_text_that_Accept_selects(string path, string json, string text)
    {
        var app = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"), "json");

        var content = read.Document!.Paths[path].Operations![HttpMethod.Get].Responses!["200"].Content!;
        Assert.Equal([json, text], content.Keys);
        Assert.Equal((JsonSchemaType.String, null), (content[text].Schema!.Type, content[text].Example));
        using var request = new HttpRequestMessage(
            HttpMethod.Get, path.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal));
        request.Headers.Add("Accept", text);
        using var response = await app.Client.SendAsync(request);
        Assert.Equal((HttpStatusCode.OK, text), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [SkippableTheory]
    [InlineData("/orders/search", "?size=0", 400)]
    [InlineData("/orders/search", "?waitFor={0}:1&waitTimeoutMs=1", 503)]
    [InlineData("/orders/{id}", "?waitFor={0}:1&waitTimeoutMs=1", 503)]
    [InlineData("/orders/{id}", "", 404)]
    [InlineData("/orders/live", "?status=x", 400)]
    [InlineData("/orders/export", "?status=x", 400)]
    [InlineData("/orders/statistics", "?timeZone=x", 400)]
    [InlineData("/customers/{id}", "", 404)]
    [InlineData("/customers/{id}/orders", "?cursor=x", 400)]
    public async Task The_document_has_the_members_of_a_problem(string path, string query, int status)
    {
        var app = await fixture.GetAsync();
        var document = new ApiDocument(await app.GetAsync("/openapi/v1.json"));
        var url = string.Format(
            null, path.Replace("{id}", "{0}", StringComparison.Ordinal) + query, Guid.CreateVersion7());

        using var response = await app.Client.GetAsync(url);

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Empty(document.Differences("get", path, status, problem));
    }

    [SkippableFact]
    public async Task The_document_has_the_members_of_what_is_read()
    {
        var app = await fixture.GetAsync();
        var document = new ApiDocument(await app.GetAsync("/openapi/v1.json"));
        var order = ReadApiApp.Order("documented");
        await app.ApplyWithNamesAsync(order, ReadApiApp.Order("documented") with { Note = null, Paid = null });
        string[] paths =
        [
            "/orders/search", "/orders/{id}", "/orders/suggest", "/orders/statistics", "/customers/search",
            "/customers/{id}", "/customers/{id}/orders",
        ];
        foreach (var path in paths)
        {
            var id = path.StartsWith("/orders", StringComparison.Ordinal) ? order.Id : order.Customer.Id;
            var url = path.Replace("{id}", $"{id}", StringComparison.Ordinal);

            var found = await app.GetAsync($"{url}?q=red&highlight=true&facets=status");

            Assert.Empty(document.Differences("get", path, 200, found));
        }
    }

    [SkippableFact]
    public async Task A_correction_is_a_text_that_can_be_absent_in_both_searches()
    {
        var app = await fixture.GetAsync();
        var document = await app.GetAsync("/openapi/v1.json");
        await app.ApplyWithNamesAsync(ReadApiApp.Order("documented"));

        var found = await app.GetAsync("/customers/search?q=ngueyn");

        Assert.Equal("nguyen", found.GetProperty("corrected").GetString());
        Assert.Empty(new ApiDocument(document).Differences("get", "/customers/search", 200, found));
        Assert.False(Described("SearchResponse").IsRequired);
        Assert.Equal(Described("SearchResponse"), Described("SearchCustomersResponse"));

        (string Schema, bool IsRequired) Described(string name)
        {
            var schema = document.GetProperty("components").GetProperty("schemas").GetProperty(name);
            return (schema.GetProperty("properties").GetProperty("corrected").GetRawText(),
                schema.GetProperty("required").EnumerateArray().Any(member => member.GetString() == "corrected"));
        }
    }

    [SkippableFact]
    public async Task A_customer_id_of_another_form_is_a_documented_404()
    {
        var app = await fixture.GetAsync();
        var document = new ApiDocument(await app.GetAsync("/openapi/v1.json"));

        using var response = await app.Client.GetAsync("/customers/x/orders");

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(document.Differences("get", "/customers/{id}/orders", 404, problem));
    }

    [SkippableTheory]
    [InlineData("sort", typeof(OrderSort))]
    [InlineData("facets", typeof(OrderFacet))]
    public async Task The_document_has_every_name_that_a_search_takes(string name, Type names)
    {
        var app = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await app.Client.GetStringAsync("/openapi/v1.json"), "json");

        var parameters = read.Document!.Paths["/orders/search"].Operations![HttpMethod.Get].Parameters!;
        var schema = parameters.Single(parameter => parameter.Name == name).Schema!;
        Assert.Equal(
            Enum.GetNames(names).Order(StringComparer.OrdinalIgnoreCase),
            (schema.Items ?? schema).Enum!.Select(value => value.GetValue<string>()).Order(StringComparer.Ordinal),
            StringComparer.OrdinalIgnoreCase);
    }

    [SkippableTheory]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/orders/01890a5d-ac96-774b-bcce-b302099a8057", 404)]
    [InlineData("POST", "/orders/search", 405)]
    [InlineData("GET", "/orders/search?size=0", 400)]
    public async Task A_problem_has_all_members_and_no_page_of_its_own(string method, string path, int status)
    {
        var app = await fixture.GetAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        var response = await app.Client.SendAsync(request);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.All(
            (string[])["title", "detail", "code", "traceId"],
            member => Assert.False(string.IsNullOrEmpty(problem.GetProperty(member).GetString())));
    }
}
