using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Problems;

/// <summary>
/// Writes <c>application/problem+json</c> whatever the Accept header is. The framework's writer writes nothing if the
/// header excludes JSON.
/// </summary>
internal sealed class ProblemJsonWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var problem = context.ProblemDetails;
        problem.Status ??= response.StatusCode;
        // The code identifies the problem. There is no page about it, and the title is that of the status.
        problem.Type = "about:blank";
        problem.Title = ReasonPhrases.GetReasonPhrase(response.StatusCode);
        problem.Detail ??= ProblemWords.Of(response.StatusCode);
        options.Value.CustomizeProblemDetails?.Invoke(context);

        await response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null, ProblemBody.ContentType, context.HttpContext.RequestAborted);
    }
}
