using System.Net;

namespace Shop.WriteApi.Tests.Http;

/// <summary>Ids in paths and queries have one form. docs/api.md lists the rules.</summary>
public sealed class IdTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Theory]
    [InlineData("%0A")]
    [InlineData("%20")]
    public async Task An_id_with_white_space_is_no_id(string after)
    {
        var api = await fixture.GetAsync();
        var id = await api.CustomerAsync();

        var exact = await api.SendAsync(HttpMethod.Get, $"/customers/{id}");
        var upper = await api.SendAsync(HttpMethod.Get, $"/customers/{id.ToString().ToUpperInvariant()}");
        var other = await api.SendAsync(HttpMethod.Get, $"/customers/{id}{after}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (exact.StatusCode, upper.StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
    }

    [Theory]
    [InlineData("+1a21e8a-b02c-7000-8000-000000000000")]
    [InlineData("0x000000-0000-4000-8000-000000000000")]
    public async Task A_group_of_an_id_has_digits_only(string id)
    {
        var api = await fixture.GetAsync();

        var response = await api.SendAsync(HttpMethod.Put, $"/customers/{Uri.EscapeDataString(id)}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Theory]
    [InlineData("+1a21e8a-b02c-7000-8000-000000000000")]
    [InlineData("0x000000-0000-4000-8000-000000000000")]
    [InlineData("01890a5d-ac96-774b-bcce-b302099a8057\n")]
    [InlineData(" 01890a5d-ac96-774b-bcce-b302099a8057")]
    [InlineData("{01890a5d-ac96-774b-bcce-b302099a8057}")]
    [InlineData("01890A5DAC96774BBCCEB302099A8057")]
    public async Task Another_form_of_an_id_is_none_of_a_feed(string id)
    {
        var api = await fixture.GetAsync();
        var escaped = Uri.EscapeDataString(id);

        var states = await api.SendAsync(HttpMethod.Get, $"/internal/orders/states?ids={escaped}");
        var erased = await api.SendAsync(HttpMethod.Get, $"/internal/customers/{escaped}/erased-orders");

        var problem = await states.ReadAsync(HttpStatusCode.BadRequest);
        Assert.True(problem.GetProperty("errors").TryGetProperty("ids", out _));
        Assert.Equal("request.not-found", await erased.ReadCodeAsync(HttpStatusCode.NotFound));
    }
}
