using System.ComponentModel.DataAnnotations;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>The configuration section <c>Elasticsearch</c>. It overrides the connection string.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The encoded key from the response of <c>POST /_security/api_key</c>. Used instead of a user.</summary>
    public string? ApiKey { get; set; }

    public string? UserName { get; set; }
    public string? Password { get; set; }

    /// <summary>
    /// The SHA-256 fingerprint of the certificate authority's certificate in hex, which a new cluster prints.
    /// </summary>
    public string? CertificateFingerprint { get; set; }

    /// <summary>A PEM file with the certificate authority to trust instead of those of the machine.</summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>The name that readers and writers use; indices are named after it.</summary>
    [RegularExpression("[a-z][a-z0-9_.-]{0,99}")]
    public string Alias { get; set; } = "orders";

    /// <summary>The number of shards. It is fixed when an index is created; a change starts a rebuild.</summary>
    [Range(1, 1024)]
    public int Shards { get; set; } = 1;

    /// <summary>The number of replicas. Null for one replica if the cluster has a second node.</summary>
    [Range(0, 100)]
    public int? Replicas { get; set; }

    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);
    public TimeSpan BulkTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum number of documents in a bulk request.</summary>
    [Range(1, 10_000)]
    public int BulkDocuments { get; set; } = 1000;

    /// <summary>The approximate size of a bulk request in bytes.</summary>
    [Range(1, 50_000_000)]
    public int BulkBytes { get; set; } = 4_000_000;

    /// <summary>The maximum number of concurrent bulk requests of one batch.</summary>
    [Range(1, 16)]
    public int BulksInFlight { get; set; } = 2;

    /// <summary>
    /// The interval between refreshes while few orders change. The first change after a pause is searchable at once.
    /// </summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>The interval between refreshes while a backlog is processed.</summary>
    public TimeSpan BacklogRefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The maximum age of a process' view of the index generations. A rebuild waits twice as long when it changes them.
    /// </summary>
    public TimeSpan GenerationsLifetime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum time that a live write waits for the shadow. Then the rebuild is given up.</summary>
    public TimeSpan ShadowTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal DualWriteOptions DualWrite => new(GenerationsLifetime, ShadowTimeout);
}
