namespace Shop.Bench.Lag;

/// <summary>What the orders go through on their way; a part of the document of its own for each.</summary>
internal sealed record LagServers(bool HasElasticsearch, bool HasKafka)
{
    /// <summary>The part for the servers that the host starts by itself is the one without a suffix.</summary>
    public string Report => (HasElasticsearch, HasKafka) switch
    {
        (true, _) => "lag-elasticsearch",
        (false, true) => "lag-kafka",
        _ => "lag",
    };

    /// <summary>What connection strings in the environment give to the host.</summary>
    public static LagServers Given() => new(IsGiven("elasticsearch"), IsGiven("kafka"));

    public override string ToString() =>
        $"{(HasKafka ? "Kafka" : "broker in memory")}, {(HasElasticsearch ? "Elasticsearch" : "PostgreSQL")}";

    private static bool IsGiven(string name) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable($"ConnectionStrings__{name}"));
}
