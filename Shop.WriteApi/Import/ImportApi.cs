using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

internal static partial class ImportApi
{
    public static IHostApplicationBuilder AddImport(this IHostApplicationBuilder builder)
    {
        builder.AddJson(ImportJson.Wire);
        builder.Services.AddOptions<ImportOptions>()
            .BindConfiguration("Import").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<OrderImport>();
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
            .DisableRequestTimeout();
        return app;
    }

    private static async Task ImportAsync(
        HttpContext http, OrderImport import, IOptions<ImportOptions> options, TimeProvider clock,
        ILogger<OrderImport> logger)
    {
        // A body has any size, and its client may pause while it waits for outcomes. ImportOptions limit the pause.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        http.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        using var spool = new OutcomeSpool(options.Value);
        var session = new ImportSession(
            import, new NdjsonReader(http.Request.BodyReader), spool, options.Value.StallTimeout, clock);
        try
        {
            await RunAsync(session, spool, http);
        }
        catch (ClientStalledException exception)
        {
            Log.Stalled(logger, exception.Message);
            http.Abort();
        }
    }

    private static async Task RunAsync(ImportSession session, OutcomeSpool spool, HttpContext http)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        http.Response.ContentType = Ndjson.ContentType;
        var sending = spool.SendAsync(http.Response.BodyWriter, ending.Token);
        try
        {
            await session.RunAsync(ending.Token);
            await spool.CompleteAsync(sending, ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "An import was given up: {Reason}")]
        public static partial void Stalled(ILogger logger, string reason);
    }
}
