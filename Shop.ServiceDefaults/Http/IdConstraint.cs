using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// The <c>guid</c> of routes: exactly 8-4-4-4-12 hexadecimal digits. The one of ASP.NET Core also accepts other forms,
/// and white space around them.
/// </summary>
internal sealed class IdConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    private const int Length = 36;

    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection) =>
        values[routeKey] is Guid || (values[routeKey] is string text && IsId(text));

    public bool MatchesLiteral(string parameterName, string literal) => IsId(literal);

    private static bool IsId(string text) => text.Length == Length && Guid.TryParseExact(text, "D", out _);
}
