using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Processes;

internal static class ProgramOnPath
{
    /// <returns>Null where no folder of the path has it.</returns>
    public static string? Find(IConfiguration configuration, string program) => configuration["PATH"]?
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program))
        .FirstOrDefault(File.Exists);
}
