using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// The <c>guid</c> of routes, in the form of <see cref="IdText"/>. The one of ASP.NET Core also accepts other forms.
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
