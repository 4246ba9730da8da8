namespace Shop.ServiceDefaults.Health;

/// <summary>Where each kind of health is asked for, and the tag that puts a check there.</summary>
public static class HealthPaths
{
    internal const string Prefix = "/health";

    /// <summary>Tag of checks that say whether the service can serve: its stores answer.</summary>
    public const string Ready = "ready";

    /// <summary>Tag of checks that say how far behind the service is.</summary>
    public const string Lag = "lag";

    internal const string Live = "live";

    internal static string Of(string tag) => $"{Prefix}/{tag}";
}
