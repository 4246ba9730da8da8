using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;

namespace Shop.ReadApi.Orders;

internal sealed record GetOrderRequest
{
    [FromRoute(Name = "id")]
    [Description("The order's id.")]
    public required Guid Id { get; init; }

    [FromQuery(Name = "waitFor")]
    [Description("{id}:{version}: wait until this version of the order or a newer one is visible; may be repeated.")]
    public string[]? WaitFor { get; init; }

    [FromQuery(Name = "waitTimeoutMs")]
    [Description("How long to wait in milliseconds, 0 to 10000; the default is 2000.")]
    public string? WaitTimeoutMs { get; init; }
}

internal sealed record GetOrderServices(CallerScope Scope, IOrderSearch Search, VersionAwaiter Awaiter);

internal static class GetOrder
{
    public static async Task<Results<Utf8ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] GetOrderRequest request,
        [AsParameters] GetOrderServices services,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(response.HttpContext.Request.Query);
        var awaited = reader.ReadWaitFor(request.WaitFor);
        var timeout = reader.ReadWaitTimeout(request.WaitTimeoutMs);
        var conditions = reader.ReadConditions(response.HttpContext.Request.Headers);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        if (await services.Awaiter.WaitAsync(awaited, services.Scope, timeout, cancellationToken) is { Count: > 0 } late)
            return ReadProblems.Stale(response, late);

        var known = awaited.Where(version => version.OrderId == request.Id).Select(version => version.Version);
        if (await services.Search.GetAsync(
                request.Id, services.Scope, known.DefaultIfEmpty().Max(), cancellationToken) is not { } order)
            return ReadProblems.NotFound(request.Id);

        var etag = $"\"{order.Version.ToString(CultureInfo.InvariantCulture)}\"";
        return Conditions.Respond(conditions, etag, order.Json, response);
    }
}
