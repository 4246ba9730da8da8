namespace Shop.Testing;

/// <summary>
/// A Redis, one for a test run: the one that <c>ConnectionStrings__redis</c> names, else one started as the host starts
/// it.
/// </summary>
public static class RedisServer
{
    private static readonly Lazy<Task<string>> Shared = new(FindAsync);

    public static Task<string> GetConnectionStringAsync() => Shared.Value;

    private static async Task<string> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__redis") is { Length: > 0 } given)
            return given;
        var server = await LocalRedis.CreateAsync();
        server.EndWithRun();
        return server.ConnectionString;
    }
}
