using Shop.LocalServers.Machines;

namespace Shop.AppHost.Containers;

/// <summary>Finds a running Docker or Podman. An installed client is not enough: the engine has to respond.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static string? Find() =>
        ((string[])["docker", "podman"]).FirstOrDefault(engine => Run(engine, "info").Succeeded);

    public static void RemoveVolume(string engine, string volume) => Run(engine, "volume", "rm", "--force", volume);

    // The application model is built synchronously.
    private static CommandResult Run(params string[] command) =>
        LocalCommand.TryAsync(Timeout, command).GetAwaiter().GetResult();
}
