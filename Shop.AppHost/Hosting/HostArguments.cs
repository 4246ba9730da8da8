namespace Shop.AppHost.Hosting;

/// <summary>Validates the host's arguments and converts them to the form that Aspire's builder reads.</summary>
internal static class HostArguments
{
    public const string Usage = """
        Usage: dotnet run --project Shop.AppHost -- [ARGUMENT]…
          --servers containers|processes   how PostgreSQL, Kafka and the other servers run
          --data DIR                       data folder, relative to Shop.sln (default .shop)
          --reset                          delete the data first
          --orders N                       number of sample orders placed on the first start (default 2000)
          --port-base N                    the first of eight ports (default 5100)
          --secure                         require tokens everywhere, and run a sample sign-in
          --projector-replicas N           number of projectors (default 1)
        Any configuration key is an argument too, for example --ConnectionStrings:kafka=localhost:9092.

        dotnet run -v quiet --project Shop.AppHost -- token --role ROLE [--customer ID]
          prints a token of the sign-in of a running host (with its --port-base and --data)
        """;

    private static readonly string[] Own = ["servers", "data", "reset", "orders", "port-base", "projector-replicas", "secure"];

    // Passed by Aspire's tools and tests.
    private static readonly string[] Aspires =
        ["publisher", "output-path", "operation", "step", "environment", "contentRoot", "applicationName", "log-level"];

    /// <returns>
    /// Each argument as <c>--key=value</c>, so that the argument after a flag is not read as the flag's value.
    /// </returns>
    public static string[] Normalize(string[] args, params string[] more)
    {
        var normalized = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var (key, value) = Split(args[i], more);
            if (value is null && key is not ("reset" or "secure"))
            {
                value = i + 1 < args.Length
                    ? args[++i]
                    : throw new HostException($"--{key} needs a value. Use --help to list the arguments.");
            }

            normalized.Add($"--{key}={value ?? "true"}");
        }

        return [.. normalized];
    }

    private static (string Key, string? Value) Split(string argument, string[] more)
    {
        if (argument is "--help" or "-h" or "-?")
        {
            throw new HostException(Usage);
        }

        var parts = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..].Split('=', 2) : [""];
        return IsKnown(parts[0]) || more.Contains(parts[0])
            ? (parts[0], parts.Length > 1 ? parts[1] : null)
            : throw new HostException($"Unknown argument '{argument}'. Use --help to list the arguments.");
    }

    // A key with ':' or '_' is a setting of .NET or Aspire, such as Logging:LogLevel:Default or ASPNETCORE_URLS.
    private static bool IsKnown(string key) =>
        Own.Contains(key) || Aspires.Contains(key) || key.IndexOfAny([':', '_']) > 0;
}
