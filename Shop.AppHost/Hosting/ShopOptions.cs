using Microsoft.Extensions.Configuration;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Hosting;

internal enum ServerChoice
{
    Any,
    Containers,
    Processes,
}

/// <summary>The host's options, from its arguments and environment.</summary>
/// <param name="StartPatience">How long a start may take before the host says what it waits for, and how often.</param>
internal sealed record ShopOptions(
    ServerChoice Servers,
    string Data,
    bool Reset,
    int SampleOrders,
    ShopPorts Ports,
    int ProjectorReplicas,
    bool IsSecure,
    string? Authority,
    TimeSpan StartPatience)
{
    /// <summary>Whether the host runs the sample sign-in: tokens are required, and the operator named no authority.</summary>
    public bool UsesSignIn => IsSecure && Authority is null;

    public static ShopOptions Read(IConfiguration configuration) => new(
        ReadServers(configuration["servers"]),
        ReadData(configuration),
        ReadFlag(configuration, "reset"),
        ReadSampleOrders(configuration),
        ReadPorts(configuration),
        ReadNumber(configuration, "projector-replicas", 1, 1, 12),
        ReadFlag(configuration, "secure"),
        configuration["Authentication:Authority"] is { Length: > 0 } authority ? authority : null,
        configuration.GetValue("Start:Patience", TimeSpan.FromSeconds(15)));

    public static string ReadData(IConfiguration configuration) =>
        Path.GetFullPath(configuration["data"] ?? ".shop", Checkout.Root);

    public static ShopPorts ReadPorts(IConfiguration configuration) =>
        new(ReadNumber(configuration, "port-base", ShopPorts.DefaultBase, 1_024, 65_528));

    // A database that the operator provides receives sample orders only on request. With an authority that the operator
    // provides, the host has no token to import with.
    private static int ReadSampleOrders(IConfiguration configuration) => ReadNumber(
        configuration, "orders",
        configuration.GetConnectionString("orders") is null && configuration["Authentication:Authority"] is null
            ? 2_000
            : 0,
        0, 1_000_000);

    private static ServerChoice ReadServers(string? value) => value?.ToLowerInvariant() switch
    {
        null or "" => ServerChoice.Any,
        "containers" => ServerChoice.Containers,
        "processes" => ServerChoice.Processes,
        _ => throw new HostException($"--servers must be 'containers' or 'processes', but is '{value}'."),
    };

    private static bool ReadFlag(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => false,
        var value when bool.TryParse(value, out var flag) => flag,
        var value => throw new HostException($"--{key} must be true or false, but is '{value}'."),
    };

    private static int ReadNumber(IConfiguration configuration, string key, int otherwise, int least, int most) =>
        configuration[key] switch
        {
            null or "" => otherwise,
            var value when int.TryParse(value, out var number) && number >= least && number <= most => number,
            var value => throw new HostException($"--{key} must be a number from {least} to {most}, but is '{value}'."),
        };
}
