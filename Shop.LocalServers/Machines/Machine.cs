namespace Shop.LocalServers.Machines;

/// <summary>What is installed on this machine, and the settings that say where.</summary>
/// <param name="settings">Returns the value of a setting, such as an environment variable.</param>
/// <param name="report">Receives a line about work that takes a while, such as a download.</param>
public sealed class Machine(Func<string, string?> settings, Action<string> report)
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";
    private static readonly string Java = Path.Combine("bin", "java" + Suffix);

    public string? this[string setting] => settings(setting) is { Length: > 0 } value ? value : null;

    public static Machine OfEnvironment(Action<string> report) => new(Environment.GetEnvironmentVariable, report);

    public void Report(string line) => report(line);

    /// <summary>The folders of PATH.</summary>
    public IEnumerable<string> PathFolders => this["PATH"]?
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The folder that a setting names; a relative one is relative to the checkout.</summary>
    public string? Folder(string setting) =>
        this[setting] is { } folder ? Path.GetFullPath(folder, Checkout.Root) : null;

    /// <returns>The program's path, or null if no folder of PATH has it.</returns>
    public string? FindProgram(string name) =>
        PathFolders.Select(folder => Path.Combine(folder, name + Suffix)).FirstOrDefault(File.Exists);

    /// <summary>The Java for a server: its own, else the one that JAVA_HOME names, else the one on the PATH.</summary>
    /// <exception cref="LocalServerException">There is no Java.</exception>
    public string JavaHome(string server) =>
        new[] { Path.Combine(server, "jdk"), this["JAVA_HOME"], JavaOnPath() }
            .FirstOrDefault(folder => folder is { Length: > 0 } && File.Exists(Path.Combine(folder, Java)))
        ?? throw new LocalServerException(
            $"The server in {server} needs Java: install it, or name its folder in JAVA_HOME.");

    private string? JavaOnPath()
    {
        if (FindProgram("java") is not { } program)
            return null;

        var target = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        return Path.GetDirectoryName(Path.GetDirectoryName(target));
    }
}
