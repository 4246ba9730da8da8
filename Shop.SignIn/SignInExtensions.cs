using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using Shop.SignIn.Protocol;

namespace Shop.SignIn;

internal static class SignInExtensions
{
    /// <summary>The scheme of the cookie of a browser that has signed in.</summary>
    public const string Cookie = "SignIn";

    /// <exception cref="InvalidOperationException">The environment is not Development.</exception>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        if (!builder.Environment.IsDevelopment())
        {
            throw new InvalidOperationException(
                "The sample sign-in runs in Development only. Set Authentication:Authority of the services to an OpenID "
                + "Connect authority instead.");
        }

        builder.Services.AddOptions<SignInOptions>()
            .BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddAuthentication().AddCookie(Cookie, Configure);
        builder.Services.AddAntiforgery(options => options.Cookie.Name = "shop-sign-in-form");
        builder.Services.AddDbContext<SignInDbContext>(options => options
            .UseInMemoryDatabase("sign-in")
            .UseOpenIddict());
        builder.Services.AddHostedService<Registrations>();
        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<SignInDbContext>())
            .AddServer(Configure);
        builder.Services.AddOptions<OpenIddictServerOptions>().Configure<IOptions<SignInOptions>>(
            (server, options) => server.Issuer = options.Value.Issuer);
    }

    public static void MapSignIn(this WebApplication app)
    {
        var endpoints = app.MapGroup("").ExcludeFromDescription().AllowAnonymous();
        endpoints.MapSignInPage();
        endpoints.MapAuthorize();
        endpoints.MapToken();
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        cookie.LoginPath = SignInPage.Path;
        cookie.Cookie.Name = "shop-sign-in";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
    }

    // Keys and tokens are kept in memory: a restart ends all sessions.
    private static void Configure(OpenIddictServerBuilder server)
    {
        server
            .SetAuthorizationEndpointUris(AuthorizeEndpoint.Path[1..])
            .SetTokenEndpointUris(TokenEndpoint.Path[1..])
            .SetEndSessionEndpointUris(AuthorizeEndpoint.EndSessionPath[1..])
            .AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange()
            .AllowClientCredentialsFlow()
            .RegisterScopes("profile", "shop")
            .SetAccessTokenLifetime(TimeSpan.FromHours(1))
            .DisableAccessTokenEncryption()
            .AddEphemeralEncryptionKey()
            .AddEphemeralSigningKey();
        server.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            .DisableTransportSecurityRequirement();
    }
}

internal sealed class SignInDbContext(DbContextOptions<SignInDbContext> options) : DbContext(options);
