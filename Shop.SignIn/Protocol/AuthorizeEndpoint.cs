using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.SignIn.Protocol;

/// <summary>Sends a browser that has signed in back to the page with a code, and others to the sign-in first.</summary>
internal static class AuthorizeEndpoint
{
    public const string Path = "/connect/authorize";
    public const string EndSessionPath = "/connect/end-session";

    public static void MapAuthorize(this IEndpointRouteBuilder app)
    {
        app.MapMethods(Path, [HttpMethods.Get, HttpMethods.Post], (Delegate)AuthorizeAsync).DisableAntiforgery();
        app.MapMethods(EndSessionPath, [HttpMethods.Get, HttpMethods.Post], (Delegate)EndAsync).DisableAntiforgery();
    }

    private static async Task<IResult> AuthorizeAsync(HttpContext http)
    {
        var request = http.GetOpenIddictServerRequest()!;
        var session = await http.AuthenticateAsync(SignInExtensions.Cookie);
        var name = session.Principal?.Identity?.Name;
        if (Person.All.FirstOrDefault(person => person.Name == name) is not { } person
            || request.HasPromptValue(PromptValues.Login))
        {
            if (request.HasPromptValue(PromptValues.None))
                return Tokens.Refuse(Errors.LoginRequired, "Nobody has signed in.");

            // After the sign-in, the same request is repeated without its prompt.
            var parameters = request.GetParameters()
                .Where(parameter => parameter.Key != Parameters.Prompt)
                .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value));
            return Results.Challenge(
                new AuthenticationProperties { RedirectUri = Path + QueryString.Create(parameters) },
                [SignInExtensions.Cookie]);
        }

        return Tokens.Issue(request, person.Name, [person.Role], person.CustomerId?.ToString("D"), person.Description);
    }

    private static async Task<IResult> EndAsync(HttpContext http)
    {
        await http.SignOutAsync(SignInExtensions.Cookie);
        return Results.SignOut(
            new AuthenticationProperties { RedirectUri = SignInPage.Path },
            [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
    }
}
