using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Security;

/// <summary>
/// Lets requests from this machine act as the developer, who has all roles. Only in Development, and only for requests
/// without a token.
/// </summary>
internal sealed class DeveloperIdentity(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "Developer";
    public const string Subject = "developer";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!IsFromThisMachine(Request))
            return Task.FromResult(AuthenticateResult.NoResult());

        var identity = new ClaimsIdentity(
            [
                new(Caller.SubjectClaim, Subject),
                .. Roles.All.Select(role => new Claim(Caller.RoleClaim, role)),
            ],
            Name, Caller.SubjectClaim, Caller.RoleClaim);
        return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(identity), Name)));
    }

    /// <summary>
    /// Whether a program on this machine sent the request. Refuses requests of another site's page in a browser, requests
    /// to a host name that was rebound to this machine, and requests that a proxy forwarded.
    /// </summary>
    private static bool IsFromThisMachine(HttpRequest request)
    {
        var headers = request.Headers;
        // Without an address, the request comes over a Unix socket or from a test in the same process.
        return (request.HttpContext.Connection.RemoteIpAddress is not { } address || IPAddress.IsLoopback(address))
            && IsThisMachine(request.Host.Host)
            && !headers.ContainsKey("X-Forwarded-For")
            && !headers.ContainsKey("Forwarded")
            && headers["Sec-Fetch-Site"] != "cross-site"
            && (headers.Origin.Count == 0
                || (Uri.TryCreate(headers.Origin, UriKind.Absolute, out var origin) && IsThisMachine(origin.Host)));
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
