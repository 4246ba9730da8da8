using System.Net;
using System.Text;
using Microsoft.OpenApi;

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
}
