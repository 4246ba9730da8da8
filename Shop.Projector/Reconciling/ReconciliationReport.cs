namespace Shop.Projector.Reconciling;

/// <summary>What a reconciliation found and repaired.</summary>
/// <param name="Reason">What asked for it.</param>
internal sealed record ReconciliationReport(string Reason, DateTimeOffset StartedAt)
{
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The identity of the write database; null if it is not known.</summary>
    public Guid? DatabaseId { get; init; }

    /// <summary>Orders in the write database.</summary>
    public long Orders { get; init; }

    /// <summary>Documents in the read store.</summary>
    public long Documents { get; init; }

    /// <summary>Orders without a document.</summary>
    public long Missing { get; init; }

    /// <summary>Documents of an older version, or whose content does not match its own hash.</summary>
    public long Behind { get; init; }

    /// <summary>Documents of the same version with other content. Only a deep reconciliation finds them.</summary>
    public long Different { get; init; }

    /// <summary>Documents of a newer version than the write database has.</summary>
    public long Ahead { get; init; }

    /// <summary>Documents without an order.</summary>
    public long Extra { get; init; }

    /// <summary>Orders that differ because they changed just now; they are repaired all the same.</summary>
    public long InFlight { get; init; }

    /// <summary>Documents that the store rejected; their orders have dead letters.</summary>
    public long Rejected { get; init; }

    /// <summary>Documents that were removed or set back to an older version.</summary>
    public long Removed { get; init; }

    /// <summary>Why nothing was removed, and what an operator can do; null if everything was repaired.</summary>
    public string? Refusal { get; init; }

    public long Differences => Missing + Behind + Different + Ahead + Extra;
}
