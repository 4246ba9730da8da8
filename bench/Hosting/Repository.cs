namespace Shop.Bench.Hosting;

internal static class Repository
{
    /// <summary>The folder of Shop.sln.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Shop.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Shop.sln is in no folder above the benchmark.");
    }
}
