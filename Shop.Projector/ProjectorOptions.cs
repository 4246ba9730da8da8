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

    /// <summary>Events that one batch takes at most.</summary>
    [Range(1, 100_000)]
    public int MaxBatchEvents { get; set; } = 1_000;

    /// <summary>Bytes after which a batch takes no more events.</summary>
    [Range(1, 256 * 1024 * 1024)]
    public int MaxBatchBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Batches that are written to the store at the same time.</summary>
    [Range(1, 64)]
    public int MaxBatchesInFlight { get; set; } = 4;

    /// <summary>The longest wait between two tries while the read store does not take a batch.</summary>
    public TimeSpan MaxStoreDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often freshness and lag are looked at.</summary>
    public TimeSpan FreshnessInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the store's schema is verified.</summary>
    public TimeSpan VerifyInterval { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan AuditInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the store is checked for a rebuild to drive.</summary>
    public TimeSpan RebuildInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a rebuild may fail without progress before it is given up.</summary>
    public TimeSpan RebuildPatience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a rebuild was given up a schema change may start another by itself.</summary>
    public TimeSpan RebuildRestartDelay { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>An order changed this recently may be on its way: it is written, not called a difference.</summary>
    public TimeSpan AuditGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The lag above which the service says that it is unhealthy.</summary>
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(30);
}
