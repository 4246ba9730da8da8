using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

internal static class ImportApi
{
    private const string ConcurrencyPolicy = "imports";

    public static IHostApplicationBuilder AddImport(this IHostApplicationBuilder builder)
    {
        builder.AddJson(ImportJson.Wire);
        builder.Services.AddOptions<ImportOptions>()
            .BindConfiguration("Import").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<ImportOptions>>((limiter, options) =>
            // Limits come before authorization: a caller who may not import takes no import from others.
            limiter.AddPolicy(ConcurrencyPolicy, context => context.User.IsInRole(Roles.Operator)
                ? RateLimitPartition.GetConcurrencyLimiter(
                    ConcurrencyPolicy, _ => new() { PermitLimit = options.Value.MaxConcurrent })
                : RateLimitPartition.GetNoLimiter("")));
        builder.Services.AddSingleton<OrderImport>();
        builder.Services.AddSingleton<ImportRequest>();
        return builder;
    }

    public static IEndpointRouteBuilder MapImport(this IEndpointRouteBuilder app)
    {
        app.MapPost("/orders/import", ImportAsync)
            .WithTags("Orders")
            .Accepts<ImportLine>(Ndjson.ContentType, "application/json", "text/plain")
            .DescribeQuery<ImportOutcome>(
                "Import one order a line. The key of a line makes it safe to repeat", Ndjson.ContentType, 415)
            .AddEndpointFilter((invocation, next) =>
            {
                RequestContent.RequireUtf8(invocation.HttpContext.Request);
                return next(invocation);
            })
            .RequireRateLimiting(ConcurrencyPolicy)
            .DisableRequestTimeout()
            .AllowRoles(Roles.Operator);
        return app;
    }

    private static Task ImportAsync(HttpContext http, ImportRequest import) => import.HandleAsync(http);
}
