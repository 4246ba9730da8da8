using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;

namespace Shop.ServiceDefaults.Security;

/// <summary>The roles of callers, as they are in tokens. docs/security.md lists what each may do.</summary>
public static class Roles
{
    /// <summary>Works with the orders of one customer, whose id is in the token.</summary>
    public const string Customer = "customer";

    /// <summary>Reads all orders, ships, delivers and refunds.</summary>
    public const string Support = "support";

    /// <summary>Imports, changes products and operates the projector.</summary>
    public const string Operator = "operator";

    /// <summary>Reads the feeds of another service.</summary>
    public const string Service = "service";

    public static IReadOnlyList<string> All { get; } = [Customer, Support, Operator, Service];

    /// <summary>
    /// Declares who may call an endpoint: callers with one of the roles. An endpoint has exactly one declaration; one
    /// without is denied to everybody.
    /// </summary>
    public static TBuilder AllowRoles<TBuilder>(this TBuilder endpoint, params string[] roles)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizeAttribute { Roles = string.Join(',', roles) });
}
