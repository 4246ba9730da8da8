using System.ComponentModel;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel;

namespace Shop.ReadApi.Export;

internal sealed record ExportRequest : FilterRequest
{
    [FromQuery(Name = "format")]
    [Description("ndjson (default) or csv. Without it, the Accept header text/csv selects CSV.")]
    public string? Format { get; init; }
}

internal sealed record ExportServices(
    CallerScope Scope, IOrderExport Export, ExportSlots Slots, IHostApplicationLifetime Lifetime, TimeProvider Time);

internal static class ExportOrders
{
    private static readonly Dictionary<string, ExportFormat> Formats = new()
    {
        ["ndjson"] = ExportFormat.Ndjson,
        ["csv"] = ExportFormat.Csv,
    };

    public static Results<ExportResult, ProblemHttpResult> Handle(
        [AsParameters] ExportRequest request, [AsParameters] ExportServices services, HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = reader.ReadFilter(request, services.Scope);
        var format = reader.One<ExportFormat>("format", request.Format, Formats.TryGetValue, "one of ndjson, csv");
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);
        if (!services.Slots.TryTake())
            return ReadProblems.TooManyExports(http.Response);

        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        format ??= http.Request.Prefers(MediaTypeNames.Text.Csv) ? ExportFormat.Csv : ExportFormat.Ndjson;
        return new ExportResult(services, query, format);
    }
}

/// <summary>
/// Writes everything that is found, and holds one order at a time. An error after the first order aborts the connection,
/// so that a part is never taken for the whole; so does a stop of the service.
/// </summary>
internal sealed class ExportResult(ExportServices services, OrderQuery query, ExportFormat format) : IResult
{
    private const int FlushSize = 64 * 1024;

    private CancellationToken Stopping => services.Lifetime.ApplicationStopping;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, Stopping);
            end.CancelAfter(services.Slots.MaxDuration);
            var pace = new ExportPace(services.Slots.Share, services.Time);
            await using var orders = services.Export.ReadAsync(query, end.Token).GetAsyncEnumerator(end.Token);
            // Before the response starts, so that a store that does not respond is a problem response.
            var hasNext = await orders.MoveNextAsync();
            var response = httpContext.Response;
            response.ContentType = format.ContentType;
            response.Headers.ContentDisposition = $"attachment; filename=\"{format.FileName}\"";
            // The answer to HEAD has no body, so there is nothing to read.
            if (response.Body == Stream.Null)
                return;

            var output = response.BodyWriter;
            format.WriteStart(output);
            for (; hasNext; hasNext = await orders.MoveNextAsync())
            {
                format.Write(orders.Current, output);
                if (output.UnflushedBytes >= FlushSize)
                    await pace.FlushAsync(output, end.Token);
            }

            await output.FlushAsync(end.Token);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            httpContext.Abort();
        }
        finally
        {
            services.Slots.Return();
        }
    }
}
