using System.Net.Mime;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Shop.SignIn;

/// <summary>The form for names and passwords, without script.</summary>
internal static class SignInPage
{
    public const string Path = "/sign-in";

    private const string StylePath = "/sign-in.css";

    private const string Style = """
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { display: grid; place-items: center; min-height: 100vh; margin: 0; }
        main { width: min(22rem, 90vw); }
        h1 { font-size: 1.4rem; }
        form { display: grid; gap: 1rem; }
        label { display: grid; gap: .25rem; }
        input, button { font: inherit; padding: .5rem .75rem; border: 1px solid #8a94a6; border-radius: 6px; }
        button { border-color: #1d63c4; background: #1d63c4; color: #fff; font-weight: 600; }
        [role=alert] { color: light-dark(#b3261e, #ff8a80); }
        """;

    private const string Wrong = "The name or the password is wrong.";

    public static void MapSignInPage(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, (HttpContext http, IAntiforgery antiforgery, string? returnUrl) =>
            Show(http, antiforgery, returnUrl, error: null));
        app.MapGet("/", () => Results.Redirect(Path));
        app.MapGet(StylePath, () => Results.Text(Style, MediaTypeNames.Text.Css));
        app.MapPost(Path, SignInAsync).DisableAntiforgery(); // The handler validates the form itself.
    }

    private static async Task<IResult> SignInAsync(
        HttpContext http, IAntiforgery antiforgery, IOptions<SignInOptions> options,
        [FromForm] string? name, [FromForm] string? password, [FromForm] string? returnUrl)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return Show(http, antiforgery, returnUrl, "The form has expired. Try again.");
        if (Person.All.FirstOrDefault(person => person.Name == name) is not { } person
            || !IsRight(password, options.Value.Password))
        {
            return Show(http, antiforgery, returnUrl, Wrong);
        }

        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.Name, person.Name)], SignInExtensions.Cookie, ClaimTypes.Name, ClaimTypes.Role);
        return Results.SignIn(
            new ClaimsPrincipal(identity),
            new AuthenticationProperties { RedirectUri = IsOwn(returnUrl) ? returnUrl : Path },
            SignInExtensions.Cookie);
    }

    private static IResult Show(HttpContext http, IAntiforgery antiforgery, string? returnUrl, string? error)
    {
        var tokens = antiforgery.GetAndStoreTokens(http);
        var headers = http.Response.Headers;
        headers.CacheControl = "no-store";
        // After the form, the browser is sent on to the page, so form-action has to allow its origin.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; form-action 'self' http://localhost:* http://127.0.0.1:*; "
            + "frame-ancestors 'none'; base-uri 'none'";
        var html = $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Sign in to Shop</title>
            <link rel="stylesheet" href="{StylePath}">
            </head>
            <body>
            <main>
            <h1>Sign in to Shop</h1>
            {(error is null ? "" : $"""<p role="alert">{Encode(error)}</p>""")}
            <form method="post" action="{Path}">
            <input type="hidden" name="{tokens.FormFieldName}" value="{Encode(tokens.RequestToken)}">
            <input type="hidden" name="returnUrl" value="{Encode(IsOwn(returnUrl) ? returnUrl : Path)}">
            <label>Name <input name="name" autocomplete="username" required autofocus></label>
            <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
            <button>Sign in</button>
            </form>
            <p>The sample people are: {string.Join("; ", Person.All.Select(Describe))}.
            The host prints their password.</p>
            </main>
            </body>
            </html>
            """;
        var status = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return Results.Text(html, MediaTypeNames.Text.Html, Encoding.UTF8, status);
    }

    private static string Describe(Person person) => Encode($"{person.Name} ({person.Description})");

    private static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    // Only a path of this server: "//host" and "/\host" are other hosts to a browser.
    private static bool IsOwn(string? url) =>
        url is ['/'] || (url is ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl));

    private static bool IsRight(string? given, string password) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(password)));
}
