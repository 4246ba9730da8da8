namespace Shop.Projector.Auditing;

/// <summary>What an audit found and put right.</summary>
/// <param name="Reason">What asked for it.</param>
internal sealed record AuditReport(string Reason, DateTimeOffset StartedAt)
{
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Orders that the write side has.</summary>
    public long Orders { get; init; }

    /// <summary>Documents that the store had.</summary>
    public long Documents { get; init; }

    /// <summary>Orders without a document.</summary>
    public long Missing { get; init; }

    /// <summary>Documents of an older version, or changed by other hands.</summary>
    public long Behind { get; init; }

    /// <summary>Documents of a version that the write side does not have.</summary>
    public long Ahead { get; init; }

    /// <summary>Documents without an order.</summary>
    public long Extra { get; init; }

    /// <summary>Orders that differ because they changed just now; written all the same.</summary>
    public long OnTheirWay { get; init; }

    /// <summary>Documents that the store refuses; their orders are parked.</summary>
    public long Rejected { get; init; }

    public long Differences => Missing + Behind + Ahead + Extra;

    public AuditReport Counting(long? write, long? read) => (write, read) switch
    {
        (null, _) => this with { Extra = Extra + 1 },
        (_, null) => this with { Missing = Missing + 1 },
        _ when read < write => this with { Behind = Behind + 1 },
        _ => this with { Ahead = Ahead + 1 },
    };
}
