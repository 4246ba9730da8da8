namespace Shop.Bench.Drain;

/// <summary>
/// Real servers that the caller provides, because an in-memory broker cannot hold a backlog of this size.
/// </summary>
internal sealed record DrainServers(string Kafka, string Elasticsearch)
{
    public static DrainServers FromEnvironment() => new(Get("kafka"), Get("elasticsearch"));

    private static string Get(string name) =>
        Environment.GetEnvironmentVariable($"ConnectionStrings__{name}") is { Length: > 0 } given
            ? given
            : throw new InvalidOperationException(
                "This benchmark needs servers: set ConnectionStrings__kafka and ConnectionStrings__elasticsearch.");
}
