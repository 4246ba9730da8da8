namespace Shop.WriteApi.Http;

/// <summary>
/// Answers with the problem that an exception stands for. No IExceptionHandler: the middleware that calls those takes
/// the ETag off, and a 412 has to name the current version.
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
            await Answer.Of(problem).ExecuteAsync(context);
        }
    }
}
