using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// Handles HEAD as GET without a body, and OPTIONS with the methods of a path, for every route
/// (https://www.rfc-editor.org/rfc/rfc9110#name-methods).
/// </summary>
internal sealed class MethodMiddleware(RequestDelegate next)
{
    /// <summary>A method that no route has.</summary>
    private const string Unknown = "UNKNOWN";

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var method = request.Method;
        if (method == HttpMethods.Head)
        {
            request.Method = HttpMethods.Get;
            response.Body = Stream.Null;
        }
        else if (method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            // Methods are case-sensitive, but the framework matches routes without regard to case.
            request.Method = Unknown;
        }

        await next(context);
        if (response.StatusCode != StatusCodes.Status405MethodNotAllowed || response.HasStarted)
            return;
        response.Headers.Allow = Complete(response.Headers.Allow.ToString());
        if (method == HttpMethods.Options)
            response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static string Complete(string allowed)
    {
        var methods = allowed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string[] more = methods.Contains(HttpMethods.Get) ? [HttpMethods.Head, HttpMethods.Options] : [HttpMethods.Options];
        return string.Join(", ", methods.Concat(more));
    }
}

internal static class MethodExtensions
{
    /// <summary>
    /// Adds the middleware, and routing after it, because routing has to see the method that it sets.
    /// </summary>
    public static void UseMethods(this WebApplication app)
    {
        app.UseMiddleware<MethodMiddleware>();
        app.UseRouting();
    }
}
