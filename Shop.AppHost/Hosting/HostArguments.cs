namespace Shop.AppHost.Hosting;

/// <summary>The host's own arguments, checked and in the form that Aspire's builder reads as configuration.</summary>
internal static class HostArguments
{
    public const string Usage = """
        The arguments are
          --servers containers|processes   where PostgreSQL, Kafka and the others run
          --data DIR                       where their data live, from the folder of Shop.sln (default .shop)
          --reset                          start empty
          --orders N                       sample orders on the first start (default 2000, 0 for none)
          --port-base N                    the first of seven ports (default 5100)
          --projector-replicas N           processes that share the projector's work (default 1)
        and any key of the configuration, as in --ConnectionStrings:kafka=localhost:9092
        """;

    private static readonly string[] Own = ["servers", "data", "reset", "orders", "port-base", "projector-replicas"];

    // What Aspire's own tools and tests pass.
    private static readonly string[] Aspires =
        ["publisher", "output-path", "operation", "step", "environment", "contentRoot", "applicationName", "log-level"];

    /// <summary>As <c>--key=value</c>, so that a flag never swallows the argument after it.</summary>
    public static string[] Normalize(string[] args)
    {
        var normalized = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (key, value) = Split(args[i]);
            if (value is null && key is not "reset")
            {
                value = i + 1 < args.Length ? args[++i] : throw new HostException($"--{key} needs a value.\n{Usage}");
            }

            normalized.Add($"--{key}={value ?? "true"}");
        }

        return [.. normalized];
    }

    private static (string Key, string? Value) Split(string argument)
    {
        if (argument is "--help" or "-h" or "-?")
        {
            throw new HostException(Usage);
        }

        var parts = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=', 2) : [""];
        return IsKnown(parts[0])
            ? (parts[0], parts.Length > 1 ? parts[1] : null)
            : throw new HostException($"'{argument}' is no argument of this host.\n{Usage}");
    }

    // Configuration keys of others have sections or are names of environment variables.
    private static bool IsKnown(string key) =>
        Own.Contains(key) || Aspires.Contains(key) || key.IndexOfAny([':', '_']) > 0;
}
