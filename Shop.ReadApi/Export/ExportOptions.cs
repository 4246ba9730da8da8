using System.ComponentModel.DataAnnotations;

namespace Shop.ReadApi.Export;

/// <summary>The configuration section <c>Export</c>.</summary>
internal sealed class ExportOptions
{
    /// <summary>The maximum number of concurrent exports. Further requests get 429.</summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; set; } = 2;

    /// <summary>The maximum number of concurrent exports of one identity. Further requests get 429.</summary>
    [Range(1, 1_000)]
    public int MaxPerIdentity { get; set; } = 1;

    /// <summary>The maximum duration of an export, because the store keeps its snapshot as long. Then it is aborted.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The share of its time in which an export works. After each piece it rests and leaves the processors to other
    /// requests: with 0.1 nine times as long as it has worked, with 1 never.
    /// </summary>
    [Range(0.01, 1)]
    public double Share { get; set; } = 0.1;
}

/// <summary>Limits the exports that run at a time.</summary>
internal sealed class ExportSlots(Microsoft.Extensions.Options.IOptions<ExportOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.MaxConcurrent);

    public TimeSpan MaxDuration => options.Value.MaxDuration;

    public double Share => options.Value.Share;

    public bool TryTake() => _free.Wait(TimeSpan.Zero);

    public void Return() => _free.Release();

    public void Dispose() => _free.Dispose();
}
