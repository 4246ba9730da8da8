using Shop.ServiceDefaults.Problems;

namespace Shop.ReadApi.Documents;

/// <summary>The body of a 503 where a request can wait for versions.</summary>
internal sealed record StaleProblemBody : ProblemBody
{
    /// <summary>The awaited versions that are not visible yet, with the code <c>read-side.stale</c>.</summary>
    public IReadOnlyList<LateVersion>? Visible { get; init; }
}

/// <param name="Version">The visible version; null if there is none.</param>
internal sealed record LateVersion(Guid Id, long? Version, long Awaited);
