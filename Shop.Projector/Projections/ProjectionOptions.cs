using System.ComponentModel.DataAnnotations;

namespace Shop.Projector.Projections;

/// <summary>Section <c>Projections</c>: of the read models beside the orders.</summary>
internal sealed class ProjectionOptions
{
    public const string Section = "Projections";

    /// <summary>How long records are gathered before they are applied together.</summary>
    public TimeSpan GatherTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most records that are applied together.</summary>
    [Range(1, 100_000)]
    public int MaxRecords { get; set; } = 5_000;

    /// <summary>How often what was applied is settled and offsets are committed.</summary>
    public TimeSpan SettleInterval { get; set; } = TimeSpan.FromMinutes(1);
}
