namespace Shop.Projector;

internal static class KafkaConnection
{
    /// <summary>The bootstrap servers.</summary>
    public static string GetKafka(this IConfiguration configuration) =>
        configuration.GetConnectionString("kafka")
        ?? throw new InvalidOperationException("ConnectionStrings:kafka is not configured.");
}
