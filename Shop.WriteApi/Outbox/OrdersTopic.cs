using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Shop.Contracts;

namespace Shop.WriteApi.Outbox;

/// <summary>The topic of order events. It is created if it does not exist; an existing one is not changed.</summary>
internal static class OrdersTopic
{
    /// <summary>Well above the largest order that the API accepts.</summary>
    public const int MaxMessageBytes = 8 * 1024 * 1024;

    /// <summary>How long a superseded event can stay in the topic, and with it what a customer wants erased.</summary>
    private static readonly TimeSpan MaxCompactionLag = TimeSpan.FromDays(7);

    private static readonly TimeSpan TombstoneRetention = TimeSpan.FromDays(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <returns>The number of the topic's partitions.</returns>
    public static async Task<int> EnsureAsync(Handle handle, string topic)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        if (PartitionsOf(admin, topic) is { } partitions)
            return partitions;

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

        return PartitionsOf(admin, topic) ?? Topics.OrdersPartitions;
    }

    /// <summary>Asks the broker for the number of partitions, which an operator may have raised.</summary>
    public static int? PartitionsOf(Handle handle, string topic)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        return PartitionsOf(admin, topic);
    }

    // Asks for all topics: a broker that creates topics automatically would create a missing one that is asked for by
    // name, with its own defaults.
    private static int? PartitionsOf(IAdminClient admin, string topic) =>
        admin.GetMetadata(Timeout).Topics.Find(existing => existing.Topic == topic)?.Partitions.Count;

    private static TopicSpecification Specification(string topic) => new()
    {
        Name = topic,
        NumPartitions = Topics.OrdersPartitions,
        ReplicationFactor = -1,
        Configs = new()
        {
            ["cleanup.policy"] = "compact",
            ["max.message.bytes"] = $"{MaxMessageBytes}",
            ["max.compaction.lag.ms"] = $"{MaxCompactionLag.TotalMilliseconds:0}",
            ["delete.retention.ms"] = $"{TombstoneRetention.TotalMilliseconds:0}",
        },
    };
}
