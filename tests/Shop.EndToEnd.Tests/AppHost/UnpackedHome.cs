namespace Shop.EndToEnd.Tests.AppHost;

/// <summary>A folder with empty files that looks like an unpacked server.</summary>
internal sealed class UnpackedHome : IDisposable
{
    public UnpackedHome(params string[] files)
    {
        foreach (var file in files)
        {
            var path = System.IO.Path.Combine(Path, file);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, []);
        }

        // Not a private folder: servers are another user's where the tests run as root.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, File.GetUnixFileMode(Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }

    /// <summary>A folder with programs that are scripts of the shell.</summary>
    public static UnpackedHome OfScripts(params (string Name, string Script)[] programs)
    {
        var home = new UnpackedHome([.. programs.Select(program => program.Name)]);
        foreach (var (name, script) in programs)
        {
            var path = System.IO.Path.Combine(home.Path, name);
            File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, File.GetUnixFileMode(home.Path));
        }

        return home;
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("shop-home-").FullName;

    public static string Program(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
