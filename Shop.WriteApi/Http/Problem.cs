using Shop.ServiceDefaults.Problems;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Http;

/// <summary>Why a request fails.</summary>
/// <param name="Code">Stable; callers may branch on it.</param>
/// <param name="Errors">What is wrong with the request, by JSON path.</param>
/// <param name="Version">The resource's current version, for the ETag of a 412.</param>
internal sealed record Problem(
    int Status,
    string Code,
    string Detail,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    long? Version = null)
{
    /// <summary>
    /// Whether a retry would fail in the same way, so that the response can be stored: the state of the shop refuses
    /// the command, and not a race or an outage.
    /// </summary>
    public bool IsFinal =>
        Status is StatusCodes.Status404NotFound
            or StatusCodes.Status409Conflict
            or StatusCodes.Status412PreconditionFailed
        && Code is not (Codes.Busy or OrderRules.Busy);

    /// <returns>Null if the exception is a fault of this service.</returns>
    public static Problem? Of(Exception exception) => exception switch
    {
        OperationCanceledException => null,
        RefusedException refused => refused.Problem,
        OrderRuleException rule => new(StatusCodes.Status409Conflict, rule.Code, rule.Message),
        _ when DatabaseErrors.IsUnavailable(exception) => new(
            StatusCodes.Status503ServiceUnavailable,
            ProblemCodes.Unavailable,
            $"The write database {(DatabaseErrors.IsDiskFull(exception) ? "has no disk space left" : "is not available")}. "
            + "The request can be repeated with the same Idempotency-Key."),
        _ => null,
    };
}

/// <summary>Stable codes of problems that belong to no feature.</summary>
internal static class Codes
{
    /// <summary>412: If-Match or If-None-Match does not allow the current version.</summary>
    public const string Stale = "request.stale";

    /// <summary>422: the idempotency key was used for another request.</summary>
    public const string KeyReused = "idempotency-key.reused";

    /// <summary>409: other requests changed the resource at the same time.</summary>
    public const string Busy = "request.busy";
}

/// <summary>The request fails with <see cref="Problem"/>. Nothing was changed.</summary>
internal sealed class RefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;

    public static RefusedException Invalid(IReadOnlyDictionary<string, string[]> errors) => new(new(
        StatusCodes.Status400BadRequest, ProblemCodes.Invalid, "The request is not valid; see 'errors'.", errors));

    public static RefusedException Invalid(string name, string error) =>
        Invalid(new Dictionary<string, string[]> { [name] = [error] });

    public static RefusedException NotFound(string code, string detail) =>
        new(new(StatusCodes.Status404NotFound, code, detail));

    public static RefusedException KeyReused() => new(new(
        StatusCodes.Status422UnprocessableEntity,
        Codes.KeyReused,
        "The Idempotency-Key was used for another request. Use a new key."));

    public static RefusedException Busy() => new(new(
        StatusCodes.Status409Conflict,
        Codes.Busy,
        "Other requests changed the resource at the same time. The request can be repeated."));

    public static RefusedException Stale(long? version) => new(new(
        StatusCodes.Status412PreconditionFailed,
        Codes.Stale,
        version is null
            ? "If-Match expects a version, but there is none yet."
            : $"If-Match or If-None-Match does not allow the current version, {version}.",
        Version: version));
}

/// <summary>
/// Turns exceptions into responses. This is not an IExceptionHandler, because the exception handler middleware removes
/// the ETag header, which a 412 needs for the current version.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted && Problem.Of(exception) is { } problem)
        {
            await JsonResponse.Of(problem).ExecuteAsync(context);
        }
    }
}
