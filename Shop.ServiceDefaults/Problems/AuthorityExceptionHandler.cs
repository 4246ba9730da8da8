using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults.Security;

namespace Shop.ServiceDefaults.Problems;

/// <summary>Answers 503 if a token cannot be judged because the authority does not respond.</summary>
internal sealed partial class AuthorityExceptionHandler(
    IProblemDetailsService problems, ILogger<AuthorityExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is not AuthorityUnavailableException)
            return false;

        Log.Unavailable(logger, exception.InnerException!.Message);
        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        httpContext.Response.Headers.RetryAfter = "1";
        return await problems.TryWriteAsync(new() { HttpContext = httpContext });
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Tokens cannot be validated, because the authority does not respond: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
