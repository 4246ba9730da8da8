using Microsoft.AspNetCore.Diagnostics;
using Shop.ReadModel;

namespace Shop.ReadApi.Orders;

/// <summary>Maps an unavailable read store to 503 and an invalid cursor to 400.</summary>
internal sealed partial class ReadStoreExceptionHandler(
    IProblemDetailsService problems, ILogger<ReadStoreExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            TimeZoneNotFoundException => ReadProblems.Invalid(new Dictionary<string, string[]>
            {
                ["timeZone"] = ["'timeZone' is not known to the read store."],
            }),
            InvalidCursorException => ReadProblems.InvalidCursor(exception.Message),
            ReadStoreUnavailableException => ReadProblems.Unavailable(httpContext.Response),
            _ => null,
        };
        if (problem is null)
            return false;

        if (exception is ReadStoreUnavailableException)
            Log.Unavailable(logger, exception.Message, exception);

        httpContext.Response.StatusCode = problem.StatusCode;
        await problems.WriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem.ProblemDetails });
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The read store is not available: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason, Exception exception);
    }
}
