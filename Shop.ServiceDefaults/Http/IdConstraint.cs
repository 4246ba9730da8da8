using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// Replaces the <c>guid</c> route constraint of ASP.NET Core, which accepts more forms than <see cref="IdText"/>.
/// </summary>
internal sealed class IdConstraint : IRouteConstraint, IParameterLiteralNodeMatchingPolicy
{
    public bool Match(
        HttpContext? httpContext,
        IRouter? route,
        string routeKey,
        RouteValueDictionary values,
        RouteDirection routeDirection) =>
        values[routeKey] is Guid || (values[routeKey] is string text && IdText.TryParse(text, out _));

    public bool MatchesLiteral(string parameterName, string literal) => IdText.TryParse(literal, out _);
}
