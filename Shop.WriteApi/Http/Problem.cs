using Shop.ServiceDefaults.Problems;
using Shop.WriteApi.Orders;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Http;

/// <summary>Why a request gets no 2xx, before it becomes problem+json.</summary>
/// <param name="Code">Stable; callers may branch on it.</param>
/// <param name="Errors">What is wrong where, by JSON path.</param>
/// <param name="Version">The version that the resource has now, for the ETag of a 412.</param>
internal sealed record Problem(
    int Status,
    string Code,
    string Detail,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    long? Version = null)
{
    /// <summary>The problem that an exception stands for; null where it is a failure of ours.</summary>
    public static Problem? Of(Exception exception) => exception switch
    {
        OperationCanceledException => null,
        RefusedException refused => refused.Problem,
        OrderRuleException rule => new(StatusCodes.Status409Conflict, rule.Code, rule.Message),
        _ when DatabaseErrors.IsUnavailable(exception) => new(
            StatusCodes.Status503ServiceUnavailable,
            ProblemCodes.Unavailable,
            "The write database does not answer. The request may be repeated with the same Idempotency-Key."),
        _ => null,
    };
}

/// <summary>The request is refused with <see cref="Problem"/>; nothing was changed.</summary>
internal sealed class RefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    public static RefusedException Invalid(IReadOnlyDictionary<string, string[]> errors) => new(new(
        StatusCodes.Status400BadRequest, ProblemCodes.Invalid, "The request is not of the expected shape.", errors));

    public static RefusedException Invalid(string where, string what) =>
        Invalid(new Dictionary<string, string[]> { [where] = [what] });

    public static RefusedException NotFound(string code, string detail) =>
        new(new(StatusCodes.Status404NotFound, code, detail));

    public static RefusedException Busy() => new(new(
        StatusCodes.Status409Conflict,
        Codes.Busy,
        "Other requests changed the resource at the same time. The request can be repeated."));

    public static RefusedException Stale(long version) => new(new(
        StatusCodes.Status412PreconditionFailed,
        Codes.Stale,
        $"If-Match names another version: the current one is {version}.",
        Version: version));
}
