using System.ComponentModel.DataAnnotations;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>The configuration section <c>Elasticsearch</c>; it wins over what the connection string says.</summary>
public sealed class ElasticsearchOptions
{
    /// <summary>The encoded key, as <c>POST /_security/api_key</c> gives it; used in place of a user.</summary>
    public string? ApiKey { get; set; }

    public string? UserName { get; set; }
    public string? Password { get; set; }

    /// <summary>SHA-256 in hex of the certificate authority's certificate, as a new cluster prints it.</summary>
    public string? CertificateFingerprint { get; set; }

    /// <summary>A PEM file with the certificate authority to trust in place of the machine's.</summary>
    public string? CertificateAuthority { get; set; }

    /// <summary>The name that readers and writers use; indices are named after it.</summary>
    [RegularExpression("[a-z][a-z0-9_.-]{0,99}")]
    public string Alias { get; set; } = "orders";

    /// <summary>Fixed when an index is made: another number means a rebuild.</summary>
    [Range(1, 1024)]
    public int Shards { get; set; } = 1;

    /// <summary>Null: one where there is a second node to hold it.</summary>
    [Range(0, 100)]
    public int? Replicas { get; set; }

    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);
    public TimeSpan BulkTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>At most so many documents a bulk request.</summary>
    [Range(1, 10_000)]
    public int BulkDocuments { get; set; } = 1000;

    /// <summary>About so many bytes a bulk request.</summary>
    [Range(1, 50_000_000)]
    public int BulkBytes { get; set; } = 4_000_000;

    /// <summary>Bulk requests of one batch under way at the same time.</summary>
    [Range(1, 16)]
    public int BulksInFlight { get; set; } = 2;

    /// <summary>Between two refreshes while few orders change; a change after a pause is searchable at once.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Between two refreshes while a backlog is worked off.</summary>
    public TimeSpan BacklogRefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The maximum age of a process' view of the index generations. A rebuild waits twice as long when it changes them.
    /// </summary>
    public TimeSpan GenerationsLifetime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest that a live write waits for the shadow of a rebuild before the rebuild is given up.</summary>
    public TimeSpan ShadowTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal DualWriteOptions DualWrite => new(GenerationsLifetime, ShadowTimeout);
}
