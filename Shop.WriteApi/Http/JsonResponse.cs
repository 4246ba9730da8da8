using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Problems;

namespace Shop.WriteApi.Http;

/// <summary>A whole response, built before the commit so that it can be stored with its idempotency key.</summary>
internal sealed record JsonResponse(int Status, string ContentType, string? ETag, string? Location, byte[] Body)
    : IResult
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Whether this is a stored response that is sent again.</summary>
    public bool IsReplay { get; init; }

    public static JsonResponse Of<T>(int status, T body, JsonTypeInfo<T> type, long version, string? location = null) =>
        new(status, Json, $"\"{version}\"", location, JsonSerializer.SerializeToUtf8Bytes(body, type));

    public static JsonResponse Of(Problem problem)
    {
        var body = new ProblemBody
        {
            Type = "about:blank",
            Title = ReasonPhrases.GetReasonPhrase(problem.Status),
            Status = problem.Status,
            Detail = problem.Detail,
            Code = problem.Code,
            TraceId = (Activity.Current?.TraceId ?? default).ToString(),
            Errors = problem.Errors,
        };
        return new JsonResponse(
            problem.Status,
            ProblemBody.ContentType,
            problem.Version is { } version ? $"\"{version}\"" : null,
            Location: null,
            JsonSerializer.SerializeToUtf8Bytes(body, ProblemsJson.Wire.ProblemBody));
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (IsNotModified(httpContext.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = ETag;
            return;
        }

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
            response.Headers.RetryAfter = "1";
        // Without RequestAborted, which is already cancelled when this reports that the request took too long.
        await response.Body.WriteAsync(Body, CancellationToken.None);
    }

    private bool IsNotModified(HttpRequest request)
    {
        if (!HttpMethods.IsGet(request.Method) || Status != StatusCodes.Status200OK || ETag is null)
            return false;
        var conditions = ConditionalRequest.TryRead(request.Headers, out var invalid)
            ?? throw RefusedException.Invalid(invalid!, "Must be an ETag in double quotes, a list of them, or *.");
        return conditions.IsIfMatchMet(ETag)
            ? !conditions.IsIfNoneMatchMet(ETag)
            : throw RefusedException.Stale(long.Parse(ETag.Trim('"'), CultureInfo.InvariantCulture));
    }
}

[JsonSerializable(typeof(ProblemBody))]
internal sealed partial class ProblemsJson : JsonSerializerContext
{
    public static ProblemsJson Wire { get; } = new(HttpJson.CreateOptions());
}
