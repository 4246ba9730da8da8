namespace Shop.LocalServers.Machines;

/// <summary>The working copy that the running program was built in.</summary>
public static class Checkout
{
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>The folder of Shop.sln, or the current folder if there is none.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The program of a project, in the configuration that the caller is built in.</summary>
    public static string Program(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // bin/Debug/net10.0
        return Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, project + Suffix);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Shop.sln")))
                return folder.FullName;
        }

        return Environment.CurrentDirectory;
    }
}
