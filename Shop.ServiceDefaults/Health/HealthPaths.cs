namespace Shop.ServiceDefaults.Health;

/// <summary>The paths of the health endpoints, and the tags that assign a check to one of them.</summary>
public static class HealthPaths
{
    internal const string Prefix = "/health";

    /// <summary>
    /// Tag for checks of whether the service can handle requests, such as whether its stores respond.
    /// </summary>
    public const string Ready = "ready";

    /// <summary>Tag for checks of how far the service is behind.</summary>
    public const string Lag = "lag";

    internal const string Live = "live";

    internal static string Of(string tag) => $"{Prefix}/{tag}";
}
