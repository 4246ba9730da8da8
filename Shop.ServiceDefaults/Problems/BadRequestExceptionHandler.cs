using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ServiceDefaults.Problems;

/// <summary>Describes the errors of a request that could not be read or bound, by JSON path if there is one.</summary>
internal sealed class BadRequestExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not BadHttpRequestException badRequest)
            return false;

        httpContext.Response.StatusCode = badRequest.StatusCode;
        var problem = new ProblemDetails { Status = badRequest.StatusCode, Detail = badRequest.Message };
        if (badRequest.InnerException is JsonException json)
        {
            problem.Detail = "The body is not the JSON that this route expects.";
            problem.Extensions["errors"] = new Dictionary<string, string[]> { [json.Path ?? "$"] = [Reason(json)] };
        }

        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    // The library's message contains the path, the position and names of types. Only the reason is kept for the caller.
    private static string Reason(JsonException json)
    {
        var position = json.LineNumber is { } line
            ? $" (line {line + 1}, byte {json.BytePositionInLine + 1})"
            : "";
        var reason = json.Message.Split(" Path: ", 2)[0].Split(" encountered during deserialization of type ", 2)[0];
        return reason.Contains("could not be converted", StringComparison.Ordinal)
            ? $"The value has the wrong type{position}."
            : reason + position;
    }
}
