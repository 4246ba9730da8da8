using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// What browsers must not do with responses (https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html).
/// An endpoint may set another policy.
/// </summary>
internal static class SecurityHeaders
{
    private const string NoContent = "default-src 'none'; frame-ancestors 'none'";

    // The reference page of an API (/scalar) has inline script and style.
    private const string ReferencePage = "default-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        + "font-src 'self' data:; connect-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            app.UseHsts(); // Only responses over TLS.
        app.Use((context, next) =>
        {
            // Late, because an error clears the headers that were set before it.
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.XContentTypeOptions = "nosniff";
                headers["Referrer-Policy"] = "no-referrer";
                if (headers.ContentSecurityPolicy.Count == 0)
                    headers.ContentSecurityPolicy = IsReferencePage(context.Request) ? ReferencePage : NoContent;
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static bool IsReferencePage(HttpRequest request) =>
        request.Path.StartsWithSegments("/scalar", StringComparison.Ordinal);
}
