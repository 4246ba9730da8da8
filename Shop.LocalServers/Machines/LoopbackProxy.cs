namespace Shop.LocalServers.Machines;

/// <summary>
/// Makes requests to this machine bypass the proxy that the environment configures.
/// </summary>
public static class LoopbackProxy
{
    private static readonly string[] Proxies = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];
    private static readonly string[] Exceptions = ["no_proxy", "NO_PROXY"];
    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "::1", "[::1]"];

    /// <summary>
    /// Adds this machine to NO_PROXY, for this process and its children. Call it before the first request, because .NET
    /// reads the variable only once.
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
