using Duende.IdentityModel.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.Security;

public static class ServiceTokenExtensions
{
    private const string Authority = "Shop.Authority";

    /// <summary>
    /// Adds an access token for this service to each request, if <c>Authentication:Client</c> is set. It is requested with
    /// client credentials and used until shortly before it expires.
    /// </summary>
    public static IHttpClientBuilder AddServiceToken(this IHttpClientBuilder client)
    {
        client.Services.AddHttpClient(Authority);
        client.Services.AddSingleton(provider => new ServiceToken(
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(Authority),
            provider.GetRequiredService<AuthenticationSettings>(),
            provider.GetRequiredService<TimeProvider>()));
        return client.AddHttpMessageHandler(provider =>
            new ServiceTokenHandler(provider.GetRequiredService<ServiceToken>()));
    }
}

/// <summary>The access token of this service. All requests share it.</summary>
internal sealed class ServiceToken(Func<HttpClient> clients, AuthenticationSettings settings, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _mutex = new(1);
    private string? _token;
    private DateTimeOffset _until;

    /// <returns>Null if this service has no client credentials.</returns>
    /// <exception cref="HttpRequestException">The authority does not issue a token.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (!settings.Client.IsSet)
            return null;

        await _mutex.WaitAsync(cancellationToken);
        try
        {
            if (_token is null || time.GetUtcNow() >= _until)
                await RequestAsync(cancellationToken);
            return _token;
        }
        finally
        {
            _mutex.Release();
        }
    }

    /// <summary>Requests a new token next time, because this one was refused.</summary>
    public void Forget(string token)
    {
        if (_token == token)
            _token = null;
    }

    public void Dispose() => _mutex.Dispose();

    private async Task RequestAsync(CancellationToken cancellationToken)
    {
        using var http = clients();
        var authority = await http.GetDiscoveryDocumentAsync(settings.Authority, cancellationToken);
        if (authority.IsError)
            throw Failed(authority);

        using var request = new ClientCredentialsTokenRequest
        {
            Address = authority.TokenEndpoint,
            ClientId = settings.Client.Id!,
            ClientSecret = settings.Client.Secret,
            Scope = settings.Client.Scope,
        };
        var response = await http.RequestClientCredentialsTokenAsync(request, cancellationToken);
        if (response.IsError)
            throw Failed(response);

        _token = response.AccessToken;
        _until = time.GetUtcNow() + TimeSpan.FromSeconds(response.ExpiresIn) - Margin;
    }

    private HttpRequestException Failed(ProtocolResponse response) => new(
        $"The authority {settings.Authority} issued no token for the client '{settings.Client.Id}': {response.Error}",
        response.Exception);
}

/// <summary>Adds the token, and asks for a new one once if it is refused, as after a restart of the sample sign-in.</summary>
internal sealed class ServiceTokenHandler(ServiceToken token) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var current = await token.GetAsync(cancellationToken);
        if (current is null)
            return await base.SendAsync(request, cancellationToken);

        request.SetBearerToken(current);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.Unauthorized)
            token.Forget(current);
        return response;
    }
}
