using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Problems;

/// <summary>
/// Writes <c>application/problem+json</c> whatever the caller accepts: the writer of the framework stays silent where
/// the Accept header leaves JSON out, and an error without words helps nobody.
/// </summary>
internal sealed class ProblemJsonWriter(IOptions<ProblemDetailsOptions> options) : IProblemDetailsWriter
{
    private const string ContentType = "application/problem+json";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        var problem = context.ProblemDetails;
        problem.Status ??= response.StatusCode;
        // The code says which problem it is: there is no page about it, and the title is the status's own.
        problem.Type = "about:blank";
        problem.Title = ReasonPhrases.GetReasonPhrase(response.StatusCode);
        problem.Detail ??= ProblemWords.Of(response.StatusCode);
        options.Value.CustomizeProblemDetails?.Invoke(context);

        await response.WriteAsJsonAsync(
            problem, problem.GetType(), options: null, ContentType, context.HttpContext.RequestAborted);
    }
}
