using System.ComponentModel;
using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Orders;
using Shop.ReadApi.Queries;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Live;

internal sealed record LiveRequest : FilterRequest
{
    [FromHeader(Name = "Last-Event-ID")]
    [Description("The id of the last event received: what became visible since then is repeated first.")]
    public string? LastEventId { get; init; }
}

internal static class LiveOrders
{
    private const int MaxEventIdLength = 1_000;

    public static Results<LiveStream, EmptyHttpResult, ProblemHttpResult> Handle(
        [AsParameters] LiveRequest request, [AsParameters] LiveServices services, HttpContext http)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = reader.ReadFilter(request, services.Scope);
        if (request.LastEventId?.Length > MaxEventIdLength)
            reader.Refuse("Last-Event-ID", $"'Last-Event-ID' must have at most {MaxEventIdLength} characters.");
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);
        // The answer to HEAD has no body, so there is nothing to wait for.
        if (http.Response.Body == Stream.Null)
        {
            http.Response.ContentType = MediaTypeNames.Text.EventStream;
            return TypedResults.Empty;
        }

        if (services.Feed.TrySubscribe() is not { } subscription)
            return ReadProblems.TooManyStreams(http.Response);

        subscription.Dropped.Register(http.Abort);
        http.Response.RegisterForDispose(subscription);
        var after = string.IsNullOrEmpty(request.LastEventId) ? null : request.LastEventId;
        return new LiveStream(subscription, after, new OrderMatcher(query), services);
    }
}
