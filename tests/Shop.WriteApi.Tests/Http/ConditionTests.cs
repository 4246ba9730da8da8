using System.Net;

namespace Shop.WriteApi.Tests.Http;

/// <summary>Conditional requests (RFC 9110). docs/api.md lists the rules.</summary>
public sealed class ConditionTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private static readonly object Product =
        new { name = "Lamp", category = "Lighting", price = new { amount = 4990, currency = "EUR" } };

    [Theory]
    [InlineData("If-Match", "*", 412)]
    [InlineData("If-Match", "\"0\"", 412)]
    [InlineData("If-Match", "\"1\", \"2\"", 412)]
    [InlineData("If-None-Match", "*", 201)]
    [InlineData("If-None-Match", "\"1\"", 201)]
    [InlineData("If-Match", "\"a\\b\"", 412)]
    public async Task A_precondition_of_what_is_new_is_checked(string header, string value, int status)
    {
        var api = await fixture.GetAsync();

        var response = await api.PutAsync($"/products/N-{Guid.CreateVersion7():N}", Product, (header, value));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "\"1\"", 200)]
    [InlineData("If-Match", "\"7\", \"1\"", 200)]
    [InlineData("If-Match", "W/\"1\"", 412)]
    [InlineData("If-Match", "\"2\"", 412)]
    [InlineData("If-None-Match", "*", 412)]
    [InlineData("If-None-Match", "\"1\"", 412)]
    [InlineData("If-None-Match", "W/\"1\"", 412)]
    [InlineData("If-None-Match", "\"2\"", 200)]
    [InlineData("If-None-Match", "\"a\\b\"", 200)]
    [InlineData("If-None-Match", "\"a\\\", \"1\"", 412)]
    [InlineData("If-Match", "1", 400)]
    [InlineData("If-Match", "*, \"1\"", 400)]
    [InlineData("If-None-Match", "x", 400)]
    public async Task A_precondition_of_what_exists_is_checked(string header, string value, int status)
    {
        var api = await fixture.GetAsync();
        var path = $"/products/E-{Guid.CreateVersion7():N}";
        await (await api.PutAsync(path, Product)).ReadAsync(HttpStatusCode.Created);

        var response = await api.PutAsync(path, Product, (header, value));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("If-None-Match", "\"1\"", 304)]
    [InlineData("If-None-Match", "W/\"1\"", 304)]
    [InlineData("If-None-Match", "\"3\", \"1\"", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"2\"", 200)]
    [InlineData("If-Match", "\"2\"", 412)]
    [InlineData("If-Match", "\"1\"", 200)]
    [InlineData("If-None-Match", "\"a\\b\"", 200)]
    [InlineData("If-None-Match", ", W/\"a\\\",, \"1\" ,", 304)]
    [InlineData("If-Match", "\"a\\b\"", 412)]
    [InlineData("If-None-Match", "x", 400)]
    [InlineData("If-None-Match", "\"1", 400)]
    [InlineData("If-None-Match", "\"1\" \"2\"", 400)]
    [InlineData("If-None-Match", ",", 400)]
    public async Task A_condition_of_a_GET_is_checked(string header, string value, int status)
    {
        var api = await fixture.GetAsync();
        var path = $"/orders/{await api.OrderAsync()}";

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
        {
            var response = await api.SendAsync(method, path, null, (header, value));

            Assert.Equal(status, (int)response.StatusCode);
            if (status is not 400)
                Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
        }
    }

    [Theory]
    [InlineData("If-Match")]
    [InlineData("If-None-Match")]
    public async Task A_condition_on_what_has_no_ETag_is_ignored(string header)
    {
        var api = await fixture.GetAsync();
        var order = Given.Order(await api.CustomerAsync());
        foreach (var value in (string[])["*", "\"1\"", "x", "*, \"1\""])
        {
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                var list = await api.SendAsync(method, "/products?limit=1", null, (header, value));
                Assert.Equal((HttpStatusCode.OK, null), (list.StatusCode, list.Headers.ETag));
            }

            var customer = new { name = "Ada Lovelace", email = "ada@example.com", country = "GB" };
            var created = await api.PostAsync("/customers", customer, (header, value));
            Assert.Equal(HttpStatusCode.Created, created.StatusCode);
            var placed = await api.PostAsync("/orders", order, (header, value));
            Assert.Equal(HttpStatusCode.Created, placed.StatusCode);
            var imported = await api.PostAsync("/orders/import", new { }, (header, value));
            Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
            var erased = await api.PostAsync($"/customers/{await api.CustomerAsync()}/erase", null, (header, value));
            Assert.Equal(HttpStatusCode.Accepted, erased.StatusCode);
        }
    }
}
