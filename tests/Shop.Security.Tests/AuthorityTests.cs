extern alias ReadService;

using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Shop.Testing;

namespace Shop.Security.Tests;

/// <summary>What callers see of an authority that is down, hangs, or changes its keys while a service runs.</summary>
public sealed class AuthorityTests : IAsyncLifetime
{
    // The role may not search, so that a token that was accepted is 403 without a read store.
    private const string Role = "service";
    private const HttpStatusCode Accepted = HttpStatusCode.Forbidden;

    private TestAuthority _authority = null!;
    private WebApplicationFactory<ReadService::Program> _readApi = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        _readApi = new WebApplicationFactory<ReadService::Program>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting("Authentication:Authority", _authority.Address);
            builder.UseSetting("ConnectionStrings:readdb", "Host=127.0.0.1;Port=1;Username=nobody");
            builder.UseSetting("Logging:LogLevel:Default", "None");
        });
        _client = _readApi.CreateClient();
    }

    public async Task DisposeAsync()
    {
        await _readApi.DisposeAsync();
        await _authority.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Callers_get_503_soon_while_the_authority_does_not_respond_and_its_keys_are_not_known(bool hangs)
    {
        var token = _authority.Token(Role);
        _authority.IsHanging = hangs;
        if (!hangs)
            await _authority.StopAsync();

        var watch = Stopwatch.StartNew();
        var first = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(token)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 8);
        watch.Restart();
        var second = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => SendAsync(token)));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 2);

        Assert.All(first.Concat(second), response =>
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "server.unavailable", "1"), response));
        Assert.Equal((HttpStatusCode.Unauthorized, "auth.required", ""), await SendAsync(token: null));
        _authority.IsHanging = false;
        if (!hangs)
            await _authority.StartAgainAsync();
        await IsEventuallyAsync(token, Accepted);
    }

    [Fact]
    public async Task Tokens_are_accepted_while_the_authority_is_down_once_its_keys_are_known()
    {
        var token = _authority.Token(Role);
        Assert.Equal(Accepted, (await SendAsync(token)).Status);

        await _authority.StopAsync();

        Assert.Equal(Accepted, (await SendAsync(token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(_authority.Invalid(Role, default)["an unknown key"])).Status);
        Assert.Equal(Accepted, (await SendAsync(token)).Status);
    }

    [Fact]
    public async Task After_a_change_of_keys_new_tokens_are_accepted_and_those_of_the_old_key_are_not()
    {
        // A token that was accepted is not validated again within a minute.
        var (used, old) = (_authority.Token(Role), _authority.Token(Role, subject: "another"));
        Assert.Equal(Accepted, (await SendAsync(used)).Status);

        _authority.ChangeKey();

        await IsEventuallyAsync(_authority.Token(Role), Accepted);
        Assert.Equal((HttpStatusCode.Unauthorized, "auth.required", ""), await SendAsync(old));
    }

    private Task IsEventuallyAsync(string token, HttpStatusCode status) => Eventually.HoldsAsync(
        async () => (await SendAsync(token)).Status == status, $"The token is answered with {status}");

    private async Task<(HttpStatusCode Status, string? Code, string RetryAfter)> SendAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/search");
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var response = await _client.SendAsync(request);
        var problem = JsonElement.Parse(await response.Content.ReadAsStringAsync());
        return (response.StatusCode, problem.GetProperty("code").GetString(), $"{response.Headers.RetryAfter}");
    }
}
