using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Shop.LocalServers.Machines;

namespace Shop.Security.Tests;

public sealed class DeclaredPolicyTests(SecuredServices services) : IClassFixture<SecuredServices>
{
    [Fact]
    public void Every_endpoint_of_every_service_declares_who_may_call_it()
    {
        foreach (var (name, service) in services.All)
        {
            Assert.NotEmpty(service.Endpoints);
            foreach (var endpoint in service.Endpoints)
            {
                var isAnonymous = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
                var roles = endpoint.Metadata.OfType<IAuthorizeData>().Select(data => data.Roles).ToList();
                Assert.True(
                    isAnonymous ? roles is [] : roles is [{ Length: > 0 }],
                    $"{name}: {endpoint.RoutePattern.RawText} must be declared with AllowRoles or AllowAnonymous, once.");
            }
        }
    }

    [Fact]
    public void The_table_of_routes_and_roles_is_what_the_services_declare()
    {
        var documented = File.ReadLines(Path.Combine(Checkout.Root, "docs", "security.md"))
            .SkipWhile(line => !line.StartsWith("## Who may call what", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
        var declared = services.All.Values
            .SelectMany(service => service.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .SelectMany(Rows)
            .Distinct()
            .Order(StringComparer.Ordinal);

        Assert.Equal(string.Join('\n', declared), string.Join('\n', documented));
    }

    private static IEnumerable<string> Rows(RouteEndpoint endpoint)
    {
        var roles = endpoint.Metadata.GetMetadata<IAuthorizeData>()!.Roles!.Split(',');
        var cells = ((string[])["customer", "support", "operator", "service"])
            .Select(role => roles.Contains(role) ? "✓" : " ");
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace(":guid", "", StringComparison.Ordinal);
        return endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
            .Select(method => $"| `{method} {path}` | {string.Join(" | ", cells)} |");
    }
}
