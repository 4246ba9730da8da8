using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Shop.ServiceDefaults.Security;

/// <summary>Reads a validated token into the claims that <see cref="Caller"/> reads, and nothing else.</summary>
internal static class TokenClaims
{
    // https://openid.net/specs/openid-connect-core-1_0.html#IDToken
    private const int MaxSubjectLength = 255;

    public static Task Rename(TokenValidatedContext context, AuthenticationSettings settings)
    {
        var token = context.Principal!;
        var subject = token.FindFirstValue(settings.SubjectClaim);
        if (subject is not { Length: > 0 and <= MaxSubjectLength })
        {
            context.Fail($"The token's claim '{settings.SubjectClaim}' must have 1 to {MaxSubjectLength} characters.");
            return Task.CompletedTask;
        }

        List<Claim> claims = [new(Caller.SubjectClaim, subject)];
        var isCustomer = Guid.TryParseExact(token.FindFirstValue(settings.CustomerClaim), "D", out var customer);
        if (isCustomer)
            claims.Add(new(Caller.CustomerClaim, customer.ToString("D")));
        // A customer without an id would be one without a scope.
        claims.AddRange(token.FindAll(settings.RoleClaim)
            .Where(claim => Roles.All.Contains(claim.Value) && (claim.Value != Roles.Customer || isCustomer))
            .Select(claim => new Claim(Caller.RoleClaim, claim.Value)));

        context.Principal = new(new ClaimsIdentity(
            claims, JwtBearerDefaults.AuthenticationScheme, Caller.SubjectClaim, Caller.RoleClaim));
        return Task.CompletedTask;
    }
}
