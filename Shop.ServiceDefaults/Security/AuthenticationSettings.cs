using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Security;

/// <summary>The configuration section <c>Authentication</c>: whose tokens are accepted, and how they are read.</summary>
public sealed class AuthenticationSettings
{
    public const string Section = "Authentication";

    /// <summary>
    /// The issuer's address, below which <c>.well-known/openid-configuration</c> is. Required outside of Development.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>The audience that a token must have.</summary>
    public string Audience { get; set; } = "shop";

    /// <summary>The claim with the caller's roles, once for each.</summary>
    public string RoleClaim { get; set; } = Caller.RoleClaim;

    /// <summary>The claim with the id of the customer that the caller is.</summary>
    public string CustomerClaim { get; set; } = Caller.CustomerClaim;

    /// <summary>The claim that identifies the caller.</summary>
    public string SubjectClaim { get; set; } = Caller.SubjectClaim;

    /// <summary>
    /// Whether requests from this machine without a token act as the developer, who has all roles. By default they do in
    /// Development unless there is an authority.
    /// </summary>
    public bool? DeveloperIdentity { get; set; }

    /// <summary>How this service gets tokens to call others.</summary>
    public ClientSettings Client { get; set; } = new();

    public bool AllowsDeveloper => DeveloperIdentity ?? string.IsNullOrWhiteSpace(Authority);

    public static AuthenticationSettings Read(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<AuthenticationSettings>() ?? new();

    /// <summary>The setting that is unsafe in this environment, and what to do about it; null if there is none.</summary>
    public string? FindProblem(IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
            return null;
        if (DeveloperIdentity is true)
            return $"{Section}:{nameof(DeveloperIdentity)} must not be true outside of Development.";
        if (string.IsNullOrWhiteSpace(Authority))
            return $"{Section}:{nameof(Authority)} must be the address of an OpenID Connect authority.";
        // The sample sign-in has no other address, and its keys and people are for development.
        return Uri.TryCreate(Authority, UriKind.Absolute, out var address)
            && address is { Scheme: "https", IsLoopback: false }
                ? null
                : $"{Section}:{nameof(Authority)} must be an https address and not the sample sign-in on this machine, "
                    + $"but is '{Authority}'.";
    }
}

/// <summary>Client credentials of this service at the authority.</summary>
public sealed class ClientSettings
{
    public string? Id { get; set; }

    public string? Secret { get; set; }

    /// <summary>The scope to request; empty for none.</summary>
    public string Scope { get; set; } = "shop";

    public bool IsSet => !string.IsNullOrWhiteSpace(Id);
}
