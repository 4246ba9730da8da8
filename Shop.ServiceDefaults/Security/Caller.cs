using System.Security.Claims;

namespace Shop.ServiceDefaults.Security;

/// <summary>Who calls: the subject and the roles of a token, with the claims' names as configured.</summary>
/// <param name="Subject">Identifies the caller for the authority.</param>
/// <param name="CustomerId">The customer that the caller is; null for everybody else.</param>
public sealed record Caller(string Subject, IReadOnlyList<string> Roles, Guid? CustomerId)
{
    /// <summary>The names of claims in the identity that authentication makes, whatever they are in a token.</summary>
    internal const string SubjectClaim = "sub";
    internal const string RoleClaim = "role";
    internal const string CustomerClaim = "customer_id";

    /// <summary>The customer whose orders alone exist for the caller; null if the caller sees all orders.</summary>
    /// <exception cref="InvalidOperationException">The caller may not see any order.</exception>
    public Guid? OnlyCustomer => Is(Security.Roles.Support) ? null
        : CustomerId ?? throw new InvalidOperationException("The caller is neither a customer nor support.");

    /// <summary>The role that is recorded for what the caller does.</summary>
    public string ActingRole => Subject == DeveloperIdentity.Subject ? DeveloperIdentity.Subject
        : Security.Roles.All.LastOrDefault(Is, Security.Roles.Customer);

    /// <exception cref="InvalidOperationException">The caller is not authenticated.</exception>
    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(SubjectClaim) ?? throw new InvalidOperationException("The caller is not authenticated."),
        [.. user.FindAll(RoleClaim).Select(claim => claim.Value)],
        Guid.TryParseExact(user.FindFirstValue(CustomerClaim), "D", out var id) ? id : null);

    public bool Is(string role) => Roles.Contains(role);
}
