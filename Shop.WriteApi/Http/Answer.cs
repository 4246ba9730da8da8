using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Shop.WriteApi.Http;

/// <summary>What a command answers. It is made before the commit, so that the idempotency key can keep it.</summary>
internal sealed record Answer(int Status, string ContentType, string? ETag, string? Location, byte[] Body) : IResult
{
    public const string Json = "application/json; charset=utf-8";
    public const string ProblemJson = "application/problem+json";

    /// <summary>Whether this is the first answer to an idempotency key, given again.</summary>
    public bool IsReplay { get; init; }

    public static Answer Of<T>(int status, T body, JsonTypeInfo<T> type, long version, string? location = null) =>
        new(status, Json, $"\"{version}\"", location, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public static Answer Of(Problem problem)
    {
        var answer = new ProblemAnswer(
            "about:blank",
            ReasonPhrases.GetReasonPhrase(problem.Status),
            problem.Status,
            problem.Detail,
            problem.Code,
            Activity.Current?.TraceId.ToString(),
            problem.Errors);
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, WireJson.Answers.ProblemAnswer);
        var etag = problem.Version is { } version ? $"\"{version}\"" : null;
        return new Answer(problem.Status, ProblemJson, etag, null, body);
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        if (ETag is not null)
            response.Headers.ETag = ETag;
        if (Location is not null)
            response.Headers.Location = Location;
        if (IsReplay)
            response.Headers["Idempotency-Replayed"] = "true";
        if (Status == StatusCodes.Status503ServiceUnavailable)
            response.Headers[HeaderNames.RetryAfter] = "1";
        // Not with RequestAborted: where the request took too long it is cancelled already, and this says so.
        await response.Body.WriteAsync(Body, CancellationToken.None);
    }
}

/// <summary>The body of every refusal (https://www.rfc-editor.org/rfc/rfc9457), as application/problem+json.</summary>
/// <param name="Code">Stable; clients may branch on it.</param>
/// <param name="Errors">What is wrong with the request, by JSON path or by the name of a header or parameter.</param>
internal sealed record ProblemAnswer(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Code,
    string? TraceId,
    IReadOnlyDictionary<string, string[]>? Errors);
