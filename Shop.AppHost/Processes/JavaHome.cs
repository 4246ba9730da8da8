using Microsoft.Extensions.Configuration;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>The folder of a Java: the one in a server, else what <c>JAVA_HOME</c> or the path names.</summary>
internal static class JavaHome
{
    private static readonly string Program = Path.Combine("bin", OperatingSystem.IsWindows() ? "java.exe" : "java");

    /// <exception cref="HostException">There is none.</exception>
    public static string Find(string server, IConfiguration configuration) =>
        new[] { Path.Combine(server, "jdk"), configuration["JAVA_HOME"], OnPath(configuration) }
            .FirstOrDefault(folder => folder is { Length: > 0 } && File.Exists(Path.Combine(folder, Program)))
        ?? throw new HostException($"What is in {server} needs Java: install it, or name its folder in JAVA_HOME.");

    /// <summary>The program of such a folder.</summary>
    public static string Java(string home) => Path.Combine(home, Program);

    private static string? OnPath(IConfiguration configuration)
    {
        if (ProgramOnPath.Find(configuration, "java") is not { } program)
        {
            return null;
        }

        var target = File.ResolveLinkTarget(program, returnFinalTarget: true)?.FullName ?? program;
        return Path.GetDirectoryName(Path.GetDirectoryName(target));
    }
}
