using System.ComponentModel.DataAnnotations;

namespace Shop.WriteApi.Import;

/// <summary>Section <c>Import</c>.</summary>
internal sealed class ImportOptions
{
    /// <summary>
    /// How long a client may neither send nor read while its import waits for it. Then the connection is closed.
    /// </summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Disk space for the outcomes of one import that its client has not read yet. A client that writes more lines than
    /// fit (some ten million in 1 GiB) has to read in between.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxSpoolBytes { get; set; } = 1L << 30;

    /// <summary>The folder of these files; the system's folder for temporary files if not set.</summary>
    public string? SpoolFolder { get; set; }

    /// <summary>Imports that run at the same time in this process. Further ones are refused with 429.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; set; } = 8;
}
