using System.Net.Mime;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.ReadApi.Documents;
using Shop.ServiceDefaults.Limits;
using Shop.ServiceDefaults.Security;

namespace Shop.ReadApi.Export;

internal static class ExportApi
{
    private const string ExportsOfIdentity = "exports of an identity";

    public static void AddExport(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ExportOptions>()
            .BindConfiguration("Export").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<ExportOptions>, IOptions<LimitOptions>>(
            (limiter, export, limits) => limiter.AddPolicy(ExportsOfIdentity, context =>
                RequestLimiter.AtATime(context, limits.Value, export.Value.MaxPerIdentity)));
        builder.Services.AddSingleton<ExportSlots>();
    }

    public static void MapExport(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders/export", ExportOrders.Handle)
            .WithTags("Orders")
            .DescribeRead(Examples.Order)
            .Produces<OrderDocument>(StatusCodes.Status200OK, "application/x-ndjson")
            .DescribeText(MediaTypeNames.Text.Csv)
            .WithName("ExportOrders")
            .WithSummary("Download everything that a search finds")
            .WithDescription(
                "Text and filters are those of a search. The orders are those of one moment, the newest first: an order "
                + "document on each line, or CSV with amounts in minor units. A CSV cell that a spreadsheet would take "
                + "for a formula begins with an apostrophe. A response that breaks off is not complete.")
            .DisableRequestTimeout()
            .RequireRateLimiting(ExportsOfIdentity)
            .AllowRoles(Roles.Customer, Roles.Support);
}
