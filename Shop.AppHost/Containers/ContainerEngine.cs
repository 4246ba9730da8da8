using Shop.LocalServers.Machines;

namespace Shop.AppHost.Containers;

/// <summary>Docker or Podman, if its engine answers; an installed client alone proves nothing.</summary>
internal static class ContainerEngine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static string? Find() =>
        ((string[])["docker", "podman"]).FirstOrDefault(engine => Run(engine, "info").Succeeded);

    public static void RemoveVolume(string engine, string volume) => Run(engine, "volume", "rm", "--force", volume);

    // The application model is built synchronously.
    private static CommandResult Run(params string[] command) =>
        LocalCommand.TryAsync(Patience, command).GetAwaiter().GetResult();
}
