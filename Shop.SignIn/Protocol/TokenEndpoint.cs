using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Shop.ServiceDefaults.Security;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.SignIn.Protocol;

/// <summary>Exchanges codes of the page and credentials of clients. OpenIddict has validated the request before.</summary>
internal static class TokenEndpoint
{
    public const string Path = "/connect/token";

    public static void MapToken(this IEndpointRouteBuilder app) => app.MapPost(Path, (Delegate)ExchangeAsync);

    private static async Task<IResult> ExchangeAsync(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest()!;
        if (request.IsClientCredentialsGrantType())
            return IssueToClient(request);

        var code = await http.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        return code.Principal is { } person
            ? Results.SignIn(person, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)
            : Tokens.Refuse(Errors.InvalidGrant, "The code is not valid any more.");
    }

    private static IResult IssueToClient(OpenIddictRequest request)
    {
        if (request.ClientId != Registrations.Scripts)
            return Tokens.Issue(request, request.ClientId!, [Roles.Service], customerId: null);

        var role = (string?)request["role"];
        var customer = (string?)request[Tokens.CustomerId];
        if (role is null || !Roles.All.Contains(role))
            return Tokens.Refuse(Errors.InvalidRequest, $"'role' must be one of {string.Join(", ", Roles.All)}.");
        if (role == Roles.Customer && !Guid.TryParseExact(customer, "D", out _))
            return Tokens.Refuse(Errors.InvalidRequest, $"'{Tokens.CustomerId}' must be the id of a customer.");

        var isCustomer = role == Roles.Customer;
        return Tokens.Issue(
            request, isCustomer ? $"script-{customer}" : $"script-{role}", [role], isCustomer ? customer : null);
    }
}
