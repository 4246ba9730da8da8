using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Shop.Contracts;

namespace Shop.WriteApi.Relay;

/// <summary>Creates the topic where it does not exist; one that exists is taken as it is.</summary>
internal static class OrdersTopic
{
    /// <summary>Well above the largest order that the API accepts.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public static async Task EnsureAsync(Handle handle, string topic)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        // All topics: a broker that makes topics by itself would make one that is asked for by name, with its defaults.
        if (admin.GetMetadata(Timeout).Topics.Exists(existing => existing.Topic == topic))
            return;

        try
        {
            await admin.CreateTopicsAsync(
                [Specification(topic)], new() { RequestTimeout = Timeout, OperationTimeout = Timeout });
        }
        catch (CreateTopicsException exception) when (
            exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another replica was first.
        }
    }

    private static TopicSpecification Specification(string topic) => new()
    {
        Name = topic,
        NumPartitions = Topics.OrdersPartitions,
        ReplicationFactor = -1,
        Configs = new() { ["cleanup.policy"] = "compact", ["max.message.bytes"] = $"{MaxMessageBytes}" },
    };
}
