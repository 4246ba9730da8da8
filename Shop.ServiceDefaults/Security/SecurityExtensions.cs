using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Shop.ServiceDefaults.Limits;

namespace Shop.ServiceDefaults.Security;

/// <summary>Authentication with tokens of an OpenID Connect authority, and authorization by roles.</summary>
internal static partial class SecurityExtensions
{
    private const string Scheme = "Shop";

    /// <summary>How long a request waits for the authority's keys.</summary>
    private static readonly TimeSpan AuthorityTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How often at most the keys are read again because a token has an unknown one.</summary>
    private static readonly TimeSpan KeyRefreshInterval = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidOperationException">A setting is not safe outside of Development.</exception>
    public static void AddSecurity(this WebApplicationBuilder builder)
    {
        var settings = AuthenticationSettings.Read(builder.Configuration);
        if ((settings.FindProblem(builder.Environment) ?? DefaultPasswords.Find(builder)) is { } problem)
            throw new InvalidOperationException(problem);

        builder.Services.AddSingleton(settings);
        builder.Services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, displayName: null, options => options.ForwardDefaultSelector = context =>
                settings.AllowsDeveloper && context.Request.Headers.Authorization.Count == 0
                    ? DeveloperIdentity.Name
                    : JwtBearerDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, DeveloperIdentity>(DeveloperIdentity.Name, configureOptions: null)
            .AddJwtBearer(options => Configure(options, settings, builder.Environment));
        // After the library has made its own manager.
        builder.Services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .PostConfigure<TimeProvider>((options, time) =>
            {
                if (options.ConfigurationManager is { } manager)
                    options.ConfigurationManager = new AuthorityConfiguration(manager, time);
            });
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(
            new AuthorizationPolicyBuilder().RequireAssertion(IsNotOurs).Build());
    }

    public static void UseSecurity(this WebApplication app)
    {
        app.UseAuthentication();
        // Refused requests count too.
        app.UseLimits();
        app.UseAuthorization();
        if (app.Services.GetRequiredService<AuthenticationSettings>().AllowsDeveloper)
            Log.Developer(app.Logger);
    }

    // The signing key decides the algorithm: an authority publishes public keys only, so that a token that is signed
    // symmetrically, or not at all, has no key that validates it.
    private static void Configure(JwtBearerOptions options, AuthenticationSettings settings, IHostEnvironment environment)
    {
        options.Authority = settings.Authority;
        options.Audience = settings.Audience;
        options.BackchannelTimeout = AuthorityTimeout;
        options.RefreshInterval = KeyRefreshInterval;
        options.RequireHttpsMetadata = !environment.IsDevelopment();
        options.IncludeErrorDetails = environment.IsDevelopment();
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new RememberingTokenHandler(TimeProvider.System) { MapInboundClaims = false });
        options.TokenValidationParameters = new TokenValidationParameters
        {
            NameClaimType = Caller.SubjectClaim,
            RoleClaimType = Caller.RoleClaim,
            ValidAudience = settings.Audience,
            ValidAlgorithms =
            [
                SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
                SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
                SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384,
                SecurityAlgorithms.EcdsaSha512,
            ],
            ClockSkew = TimeSpan.FromSeconds(30),
        };
        options.Events = new JwtBearerEvents
        {
            OnTokenValidated = context => TokenClaims.Rename(context, settings),
            OnAuthenticationFailed = ThrowIfUnavailable,
        };
    }

    // The keys are read from the authority when they are first needed. An invalid token is another exception.
    private static Task ThrowIfUnavailable(AuthenticationFailedContext context) =>
        context.Exception is AuthorityUnavailableException unavailable ? throw unavailable : Task.CompletedTask;

    // Paths that no endpoint matches are 404 or 405. An endpoint without a declared policy is denied.
    private static bool IsNotOurs(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Requests from this machine without a token act as the developer, who has "
            + "all roles (Development only). Start the host with --secure, or set Authentication:Authority, to require "
            + "tokens")]
        public static partial void Developer(ILogger logger);
    }
}
