using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OpenApi;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Problems;

namespace Shop.WriteApi.Http;

internal static class HttpExtensions
{
    // Long enough for RequestLimits.Ids ids.
    private const int RequestLine = 64 * 1024;

    private static readonly Problem TooSlow = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.Unavailable,
        $"The request took longer than {RequestLimits.RequestTime.TotalSeconds} seconds and was cancelled.");

    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = RequestLimits.Body;
            kestrel.Limits.MaxRequestLineSize = RequestLine;
        });
        builder.Services.ConfigureHttpJsonOptions(json => HttpJson.Configure(json.SerializerOptions));
        builder.AddJson(ProblemsJson.Wire);
        builder.Services.DescribeNulls();
        builder.Services.ConfigureAll<OpenApiOptions>(document =>
            document.AddSchemaTransformer((schema, context, _) => EndpointDocuments.DescribeRules(schema, context)));
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = RequestLimits.RequestTime,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => JsonResponse.Of(TooSlow).ExecuteAsync(context),
        });
        return builder;
    }

    public static WebApplication UseHttp(this WebApplication app)
    {
        app.UseRequestTimeouts();
        app.UseMiddleware<ProblemMiddleware>();
        return app;
    }
}
