using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.OpenApi;
using Shop.ServiceDefaults.Problems;
using Shop.WriteApi.Http.Documents;

namespace Shop.WriteApi.Http;

internal static class HttpExtensions
{
    // Room for Limits.Ids ids in one request line.
    private const int RequestLine = 64 * 1024;

    private static readonly Problem TooSlow = new(
        StatusCodes.Status503ServiceUnavailable,
        ProblemCodes.Unavailable,
        $"The request was not done within {Limits.RequestTime.TotalSeconds} seconds and was given up.");

    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Limits.Body;
            kestrel.Limits.MaxRequestLineSize = RequestLine;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WriteJson.Default);
        });
        builder.Services.ConfigureAll<OpenApiOptions>(document =>
            document.AddDocumentTransformer<RequiredMembersTransformer>());
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = Limits.RequestTime,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => Answer.Of(TooSlow).ExecuteAsync(context),
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
