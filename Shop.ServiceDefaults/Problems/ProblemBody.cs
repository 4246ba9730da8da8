namespace Shop.ServiceDefaults.Problems;

/// <summary>The body of every error (https://www.rfc-editor.org/rfc/rfc9457), as application/problem+json.</summary>
public record ProblemBody
{
    public const string ContentType = "application/problem+json";

    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    public required string Detail { get; init; }

    /// <summary>Stable; clients may branch on it.</summary>
    public required string Code { get; init; }

    public required string TraceId { get; init; }

    /// <summary>What is wrong with the request, by JSON path or by the name of a header or parameter.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }
}
