using Microsoft.AspNetCore.Http.Features;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

internal static class ImportApi
{
    private const int ChunkSize = 100;

    public static IHostApplicationBuilder AddImport(this IHostApplicationBuilder builder)
    {
        builder.AddJson(ImportJson.Wire);
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
            .DisableRequestTimeout();
        return app;
    }

    private static async Task ImportAsync(HttpContext http, OrderImport import, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;

        var chunk = new List<byte[]?>(ChunkSize);
        await foreach (var line in NdjsonLines.ReadAsync(http.Request.BodyReader, cancellationToken))
        {
            chunk.Add(line);
            if (chunk.Count == ChunkSize)
                await ImportChunkAsync(http, import, chunk, cancellationToken);
        }

        await ImportChunkAsync(http, import, chunk, cancellationToken);
    }

    private static async Task ImportChunkAsync(
        HttpContext http, OrderImport import, List<byte[]?> chunk, CancellationToken cancellationToken)
    {
        var outcomes = await import.ImportAsync(chunk, cancellationToken);
        if (!http.Response.HasStarted)
            http.Response.ContentType = Ndjson.ContentType;
        foreach (var outcome in outcomes)
            Ndjson.Write(http.Response.BodyWriter, outcome, ImportJson.Wire.ImportOutcome);
        await http.Response.BodyWriter.FlushAsync(cancellationToken);
        chunk.Clear();
    }
}
