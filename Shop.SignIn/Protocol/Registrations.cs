using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.SignIn.Protocol;

/// <summary>Registers the clients before the server listens.</summary>
internal sealed class Registrations(IServiceScopeFactory scopes, IOptions<SignInOptions> options) : IHostedService
{
    public const string Page = "shop-page";
    public const string Projector = "projector";
    public const string Scripts = "scripts";

    private const string Scope = Permissions.Prefixes.Scope + "shop";

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        await clients.CreateAsync(DescribePage(options.Value.Pages), cancellationToken);
        await clients.CreateAsync(DescribeService(Projector, options.Value.ProjectorSecret), cancellationToken);
        await clients.CreateAsync(DescribeService(Scripts, options.Value.ScriptsSecret), cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // A browser cannot keep a secret, so the page proves with PKCE that it started the sign-in.
    private static OpenIddictApplicationDescriptor DescribePage(Uri[] pages)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = Page,
            ClientType = ClientTypes.Public,
            ConsentType = ConsentTypes.Implicit,
            Permissions =
            {
                Permissions.Endpoints.Authorization, Permissions.Endpoints.Token, Permissions.Endpoints.EndSession,
                Permissions.GrantTypes.AuthorizationCode, Permissions.ResponseTypes.Code, Permissions.Scopes.Profile,
                Scope,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.RedirectUris.UnionWith(pages);
        client.PostLogoutRedirectUris.UnionWith(pages);
        return client;
    }

    private static OpenIddictApplicationDescriptor DescribeService(string id, string secret) => new()
    {
        ClientId = id,
        ClientSecret = secret,
        ClientType = ClientTypes.Confidential,
        Permissions = { Permissions.Endpoints.Token, Permissions.GrantTypes.ClientCredentials, Scope },
    };
}
