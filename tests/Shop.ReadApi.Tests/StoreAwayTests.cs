using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.LocalServers.Machines;

namespace Shop.ReadApi.Tests;

public sealed class StoreAwayTests
{
    [Theory]
    [InlineData("/orders/search")]
    [InlineData("/orders/01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("/orders/search?waitFor=01890a5d-ac96-774b-bcce-b302099a8057:1")]
    [InlineData("/customers/search?q=anna")]
    public async Task A_store_that_is_away_is_said_so_and_never_an_empty_answer(string url)
    {
        await using var app = ReadApiApp.Start(
            $"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Database=x;Timeout=2");

        var response = await app.Client.GetAsync(url);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("read-side.unavailable", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await app.Client.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.Client.GetAsync("/health/ready")).StatusCode);
    }
}
