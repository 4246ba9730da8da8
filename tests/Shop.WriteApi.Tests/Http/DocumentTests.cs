using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Shop.Testing.Requests;

namespace Shop.WriteApi.Tests.Http;

public sealed class DocumentTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task The_OpenAPI_document_is_valid()
    {
        var api = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.NotEmpty(read.Document!.Paths);
    }

    [Theory]
    [InlineData("/orders/{id}")]
    [InlineData("/customers/{id}")]
    public async Task The_document_has_the_conditions_of_a_GET(string path)
    {
        var api = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json");

        var get = read.Document!.Paths[path].Operations![HttpMethod.Get];
        Assert.Superset(
            new HashSet<string?>(["If-Match", "If-None-Match"]), get.Parameters!.Select(header => header.Name).ToHashSet());
        Assert.Superset(new HashSet<string>(["304", "412"]), get.Responses!.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("/products/{sku}", "PUT")]
    [InlineData("/orders/{id}/pay", "POST")]
    public async Task The_document_has_the_conditions_of_a_command(string path, string method)
    {
        var api = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json");

        var command = read.Document!.Paths[path].Operations![new(method)];
        Assert.Superset(
            new HashSet<string?>(["If-Match", "If-None-Match"]),
            command.Parameters!.Select(header => header.Name).ToHashSet());
    }

    [Theory]
    [InlineData("/orders", "POST", "201 ETag", "201 Location", "201 Idempotency-Replayed")]
    [InlineData("/orders/{id}/pay", "POST", "200 ETag", "412 ETag", "200 Idempotency-Replayed")]
    [InlineData("/orders/{id}", "GET", "200 ETag", "304 ETag", "412 ETag")]
    [InlineData("/products/{sku}", "PUT", "200 ETag", "201 ETag", "201 Location", "412 ETag")]
    [InlineData("/customers/{id}/erase", "POST", "202 Location")]
    [InlineData("/orders/import", "POST")]
    [InlineData("/products", "GET")]
    public async Task The_document_has_the_headers_of_responses(string path, string method, params string[] expected)
    {
        var api = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json");

        var operation = read.Document!.Paths[path].Operations![new(method)];
        var headers =
            from response in operation.Responses!
            where response.Key[0] is '2' or '3' || response.Key == "412"
            from header in response.Value.Headers?.Keys ?? []
            where !(header == "Idempotency-Replayed" && response.Key == "412")
            select $"{response.Key} {header}";
        Assert.Equal(expected.Order(), headers.Order());
        Assert.Equal(
            expected.Any(header => header.EndsWith("Replayed", StringComparison.Ordinal)),
            operation.Parameters?.Any(parameter => parameter.Name == "Idempotency-Key") is true);
    }

    [Fact]
    public async Task The_document_has_the_members_of_an_outcome()
    {
        var api = await fixture.GetAsync();
        var document = new ApiDocument(await api.GetJsonAsync("/openapi/v1.json"));
        const string line = """
            {"key":"documented","customer":{"name":"Ada","email":"a@example.com","country":"GB"},"lines":[{"sku":"A",
            "name":"Lamp","category":"Lighting","quantity":1,"unitPrice":{"amount":1,"currency":"EUR"}}],
            "shippingAddress":{"recipient":"Ada","street":"B","postalCode":"C","city":"D","country":"GB"},
            "placedAt":"2020-01-01T00:00:00Z","status":"placed"}
            """;
        using var body = new StringContent($"{line.ReplaceLineEndings("")}\nx\n{{\"key\":\"a\"}}\n");

        using var response = await api.PostAsync("/orders/import", body);

        var outcomes = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(outcome => JsonElement.Parse(outcome)).ToArray();
        Assert.Equal(
            ["created", "rejected", "rejected"],
            outcomes.Select(outcome => outcome.GetProperty("outcome").GetString()));
        Assert.All(
            outcomes, outcome => Assert.Empty(document.Differences("post", "/orders/import", 200, outcome)));
        var described = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json").Document!
            .Components!.Schemas!["ImportOutcome"];
        Assert.Equal(["key", "outcome"], described.Required!.Order());
        Assert.Equal(
            ["key"], described.Properties!.Where(member => member.Value.Type!.Value.HasFlag(JsonSchemaType.Null))
                .Select(member => member.Key));
    }

    [Fact]
    public async Task Texts_of_the_document_have_their_limits()
    {
        var api = await fixture.GetAsync();

        var read = OpenApiDocument.Parse(await api.Client.GetStringAsync("/openapi/v1.json"), "json");

        var bodies =
            from path in read.Document!.Paths.Values
            from operation in path.Operations!.Values
            from content in operation.RequestBody?.Content?.Values ?? []
            select content.Schema!;
        var parameters =
            from path in read.Document.Paths.Values
            from operation in path.Operations!.Values
            from parameter in operation.Parameters ?? []
            where parameter.In is ParameterLocation.Path or ParameterLocation.Query
            from unlimited in UnlimitedIn(parameter.Schema!, parameter.Name!)
            select unlimited;
        Assert.Empty(parameters);
        Assert.Equal(254, read.Document.Components!.Schemas!["CustomerRequest"].Properties!["email"].MaxLength);
        Assert.Empty(bodies.SelectMany(body => UnlimitedIn(body, "$")));
    }

    [Theory]
    [InlineData("GET", "/orders/{id}", 404)]
    [InlineData("POST", "/customers", 400)]
    public async Task The_document_has_the_members_of_a_problem(string method, string path, int status)
    {
        var api = await fixture.GetAsync();
        var document = new ApiDocument(await api.GetJsonAsync("/openapi/v1.json"));

        using var response = await api.SendAsync(
            new(method), path.Replace("{id}", $"{Guid.CreateVersion7()}", StringComparison.Ordinal),
            method is "POST" ? new { } : null);

        var problem = await response.ReadAsync((HttpStatusCode)status);
        Assert.Empty(document.Differences(method.ToLowerInvariant(), path, status, problem));
    }

    [Fact]
    public async Task Scalar_is_served()
    {
        var api = await fixture.GetAsync();
        var response = await api.Client.GetAsync("/scalar");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Requests_that_match_no_route_get_a_problem()
    {
        var api = await fixture.GetAsync();
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");

        Assert.Equal("request.not-found", await (await api.Client.GetAsync("/nothing"))
            .ReadCodeAsync(HttpStatusCode.NotFound));
        Assert.Equal("request.method-not-allowed", await (await api.Client.DeleteAsync("/orders"))
            .ReadCodeAsync(HttpStatusCode.MethodNotAllowed));
        Assert.Equal("request.unsupported-media-type", await (await api.PostAsync("/orders", text))
            .ReadCodeAsync(HttpStatusCode.UnsupportedMediaType));
    }

    private static IEnumerable<string> UnlimitedIn(IOpenApiSchema schema, string path)
    {
        if (schema.Items is { } items)
            return UnlimitedIn(items, $"{path}[]");
        if (schema.Properties is { Count: > 0 } members)
            return members.SelectMany(member => UnlimitedIn(member.Value, $"{path}.{member.Key}"));
        return schema.Type?.HasFlag(JsonSchemaType.String) is true
            && (schema.MaxLength, schema.Pattern, schema.Format) is (null, null, null)
            && schema.Enum is not { Count: > 0 }
            ? [path]
            : [];
    }
}
