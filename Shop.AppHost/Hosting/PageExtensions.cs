namespace Shop.AppHost.Hosting;

/// <summary>The page is served by the read API, and calls the write API and the projector from the browser.</summary>
internal static class PageExtensions
{
    public static IResourceBuilder<ProjectResource> WithPage(
        this IResourceBuilder<ProjectResource> readApi, ShopPorts ports) => readApi
        .WithEnvironment("Page__WriteApi", Address("localhost", ports.WriteApi))
        .WithEnvironment("Page__Projector", Address("localhost", ports.Projector))
        .WithEnvironment("Page__Dashboard", Address("localhost", ports.Dashboard));

    /// <summary>Lets the page call a service. The host prints one of its addresses; people also type the other.</summary>
    public static IResourceBuilder<ProjectResource> WithPageAsOrigin(
        this IResourceBuilder<ProjectResource> service, ShopPorts ports) => service
        .WithEnvironment("Cors__Origins__0", Address("localhost", ports.ReadApi))
        .WithEnvironment("Cors__Origins__1", Address("127.0.0.1", ports.ReadApi));

    public static string Address(string host, int port) => $"http://{host}:{port}";
}
