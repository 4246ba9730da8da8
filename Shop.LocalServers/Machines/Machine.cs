namespace Shop.LocalServers.Machines;

/// <summary>Finds programs on this machine. A setting can name the folder of a program.</summary>
/// <param name="settings">Returns the value of a setting, such as an environment variable.</param>
/// <param name="report">Receives a line about work that takes a while, such as a download.</param>
public sealed class Machine(Func<string, string?> settings, Action<string> report)
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";
    private static readonly string Java = Path.Combine("bin", "java" + Suffix);

    public string? this[string setting] => settings(setting) is { Length: > 0 } value ? value : null;

    public static Machine OfEnvironment(Action<string> report) => new(Environment.GetEnvironmentVariable, report);

    /// <summary>How often a line reports that work is still running.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    public void Report(string line) => report(line);

    /// <summary>Reports a line each time that the patience is over, until the work has ended.</summary>
    internal async Task ReportWhileAsync(Task work, string line)
    {
        while (await Task.WhenAny(work, Task.Delay(Patience)) != work)
            report(line);
        await work;
    }

    /// <summary>The folders of PATH.</summary>
    public IEnumerable<string> PathFolders => this["PATH"]?
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The folder in a setting. A relative path is relative to the checkout.</summary>
    public string? Folder(string setting) =>
        this[setting] is { } folder ? Path.GetFullPath(folder, Checkout.Root) : null;

    /// <returns>The program's path, or null if it is not on the PATH.</returns>
    public string? FindProgram(string name) =>
        PathFolders.Select(folder => Path.Combine(folder, name + Suffix)).FirstOrDefault(File.Exists);

    /// <summary>
    /// The Java for a server: its own, otherwise the one in JAVA_HOME, otherwise the one on the PATH.
    /// </summary>
    /// <exception cref="LocalServerException">No Java was found.</exception>
    public string JavaHome(string server) =>
        new[] { Path.Combine(server, "jdk"), this["JAVA_HOME"], JavaOnPath() }
            .FirstOrDefault(folder => folder is { Length: > 0 } && File.Exists(Path.Combine(folder, Java)))
        ?? throw new LocalServerException(
            $"The server in {server} needs Java. Install it, or set JAVA_HOME to its folder.");

    private string? JavaOnPath()
    {
        if (FindProgram("java") is not { } program)
            return null;

        var target = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        return Path.GetDirectoryName(Path.GetDirectoryName(target));
    }
}
