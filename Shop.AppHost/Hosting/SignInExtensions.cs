using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

/// <summary>Whose tokens the services accept: those of the sample sign-in, or of an authority that the operator names.</summary>
internal static class SignInExtensions
{
    /// <summary>The files of the secrets in the data directory.</summary>
    public const string Password = "sign-in.password";
    public const string ScriptsSecret = "sign-in.scripts";

    private const string ProjectorSecret = "sign-in.projector";
    private const string Section = "Authentication";

    public static void AddSignIn<TProject>(this ShopBuilder shop, string name)
        where TProject : IProjectMetadata, new()
    {
        if (!shop.UsesSignIn)
            return;

        var (ports, data) = (shop.Ports, shop.Data);
        shop.AddService<TProject>(name, ports.SignIn)
            .WithEnvironment("SignIn__Issuer", ports.SignInAddress)
            .WithEnvironment("SignIn__Password", data.Secret(Password))
            .WithEnvironment("SignIn__ProjectorSecret", data.Secret(ProjectorSecret))
            .WithEnvironment("SignIn__ScriptsSecret", data.Secret(ScriptsSecret))
            .WithEnvironment("SignIn__Pages__0", PageExtensions.Address("localhost", ports.ReadApi) + "/")
            .WithEnvironment("SignIn__Pages__1", PageExtensions.Address("127.0.0.1", ports.ReadApi) + "/")
            .WithPageAsOrigin(ports);
    }

    /// <summary>Passes the authority on. The operator's settings win.</summary>
    public static IResourceBuilder<ProjectResource> WithAuthority(
        this IResourceBuilder<ProjectResource> service, ShopBuilder shop)
    {
        if (shop.UsesSignIn)
            service.WithEnvironment($"{Section}__Authority", shop.Ports.SignInAddress);

        foreach (var (name, value) in service.ApplicationBuilder.Configuration.GetSection(Section).AsEnumerable())
        {
            if (value is not null)
                service.WithEnvironment(name.Replace(":", "__", StringComparison.Ordinal), value);
        }

        return service;
    }

    /// <summary>Lets the page sign people in.</summary>
    public static IResourceBuilder<ProjectResource> WithSignInOfPage(
        this IResourceBuilder<ProjectResource> readApi, ShopBuilder shop) => shop.UsesSignIn
        ? readApi
            .WithEnvironment("Page__Authority", shop.Ports.SignInAddress)
            .WithEnvironment("Page__Scope", "openid profile shop")
        : readApi;

    /// <summary>Lets the projector get tokens for the feeds of the write API.</summary>
    public static IResourceBuilder<ProjectResource> WithClientCredentials(
        this IResourceBuilder<ProjectResource> projector, ShopBuilder shop) => shop.UsesSignIn
        ? projector
            .WithEnvironment($"{Section}__Client__Id", "projector")
            .WithEnvironment($"{Section}__Client__Secret", shop.Data.Secret(ProjectorSecret))
        : projector;
}
