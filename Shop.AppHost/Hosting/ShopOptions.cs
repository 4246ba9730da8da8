using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

internal enum ServerChoice
{
    Any,
    Containers,
    Processes,
}

/// <summary>What the person who starts the host can choose.</summary>
internal sealed record ShopOptions(
    ServerChoice Servers,
    string Data,
    string Root,
    bool Reset,
    int SampleOrders,
    ShopPorts Ports,
    int ProjectorReplicas)
{
    public static ShopOptions Read(IConfiguration configuration, string hostDirectory)
    {
        var root = FindRoot(hostDirectory);
        return new(
            ReadServers(configuration["servers"]),
            Path.GetFullPath(configuration["data"] ?? ".shop", root),
            root,
            ReadFlag(configuration, "reset"),
            ReadSampleOrders(configuration),
            ReadPorts(configuration),
            ReadNumber(configuration, "projector-replicas", 1, 1, 12));
    }

    public static ShopPorts ReadPorts(IConfiguration configuration) =>
        new(ReadNumber(configuration, "port-base", ShopPorts.DefaultBase, 1_024, 65_529));

    // A database that somebody else provides gets sample orders only when they are asked for.
    private static int ReadSampleOrders(IConfiguration configuration) =>
        ReadNumber(
            configuration, "orders", configuration.GetConnectionString("orders") is null ? 2_000 : 0, 0, 1_000_000);

    private static ServerChoice ReadServers(string? value) => value?.ToLowerInvariant() switch
    {
        null or "" => ServerChoice.Any,
        "containers" => ServerChoice.Containers,
        "processes" => ServerChoice.Processes,
        _ => throw new HostException($"--servers is 'containers' or 'processes', not '{value}'."),
    };

    private static bool ReadFlag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var value when bool.TryParse(value, out var flag) => flag,
        var value => throw new HostException($"--{key} takes no value other than true or false, not '{value}'."),
    };

    private static int ReadNumber(IConfiguration configuration, string key, int otherwise, int least, int most) =>
        configuration[key] switch
        {
            null or "" => otherwise,
            var value when int.TryParse(value, out var number) && number >= least && number <= most => number,
            var value => throw new HostException($"--{key} is a number from {least} to {most}, not '{value}'."),
        };

    private static string FindRoot(string directory)
    {
        for (var folder = new DirectoryInfo(directory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Shop.sln")))
            {
                return folder.FullName;
            }
        }

        return directory;
    }
}
