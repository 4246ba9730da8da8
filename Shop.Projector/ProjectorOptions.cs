using System.ComponentModel.DataAnnotations;
using Shop.Contracts;

namespace Shop.Projector;

/// <summary>Section <c>Projector</c>.</summary>
internal sealed class ProjectorOptions
{
    public const string Section = "Projector";

    [Required]
    public string Topic { get; set; } = Topics.Orders;

    [Required]
    public string DeadLetterTopic { get; set; } = Topics.DeadLetters;

    [Required]
    public string GroupId { get; set; } = "shop-projector";

    /// <summary>The most events in a batch.</summary>
    [Range(1, 100_000)]
    public int MaxBatchEvents { get; set; } = 1_000;

    /// <summary>Bytes after which no more events are added to a batch.</summary>
    [Range(1, 256 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The most batches that are written to the store at the same time.</summary>
    [Range(1, 64)]
    public int MaxBatchesInFlight { get; set; } = 4;

    /// <summary>The longest delay between two attempts while the read store does not accept a batch.</summary>
    public TimeSpan MaxStoreDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a batch of which every document fails in an unforeseen way is retried, while no other batch is written,
    /// before each of its events becomes a dead letter.
    /// </summary>
    public TimeSpan MaxUnforeseenFailure { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often freshness is saved and the broker is probed.</summary>
    public TimeSpan FreshnessInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the store's schema is verified.</summary>
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often read store and write database are compared.</summary>
    public TimeSpan ReconciliationInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>An order that changed this recently may be in flight: it is repaired, but not counted as a difference.</summary>
    public TimeSpan ReconciliationGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reconciliation that nobody waits for gives the backlog of events.</summary>
    public TimeSpan MaxBacklogWait { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The share of the documents, from 0 to 1, that a reconciliation removes without an operator's confirmation; ten
    /// documents are always allowed.
    /// </summary>
    [Range(0, 1)]
    public double MaxRemovalShare { get; set; } = 0.01;

    /// <summary>How often the store is checked for a rebuild to drive.</summary>
    public TimeSpan RebuildInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a rebuild may fail without progress before it is given up.</summary>
    public TimeSpan RebuildPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a rebuild was given up a schema change may start another by itself.</summary>
    public TimeSpan RebuildRestartDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The lag above which <c>/health/lag</c> is unhealthy.</summary>
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(30);
}

internal static class KafkaConnection
{
    /// <summary>The bootstrap servers.</summary>
    public static string GetKafka(this IConfiguration configuration) =>
        configuration.GetConnectionString("kafka")
        ?? throw new InvalidOperationException("ConnectionStrings:kafka is not configured.");
}
