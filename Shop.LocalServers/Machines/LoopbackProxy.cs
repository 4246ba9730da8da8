namespace Shop.LocalServers.Machines;

/// <summary>
/// Keeps requests to this machine away from a proxy that the environment names for those to the network.
/// </summary>
public static class LoopbackProxy
{
    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    private static readonly string[] Exceptions = ["no_proxy", "NO_PROXY"];
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "::1", "[::1]"];

    /// <summary>
    /// Adds this machine to NO_PROXY, for this process and those that it starts. .NET reads the variable at its first
    /// request.
    /// </summary>
    public static void Bypass()
    {
        if (Proxies.All(proxy => Read(proxy) is null && Read(proxy.ToLowerInvariant()) is null))
            return;

        var given = Exceptions.Select(Read).FirstOrDefault(value => value is not null);
        var hosts = given?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        foreach (var name in Exceptions)
            Environment.SetEnvironmentVariable(name, string.Join(',', hosts.Union(Loopback)));
    }

    private static string? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
