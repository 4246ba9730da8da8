using System.Diagnostics;
using OpenTelemetry;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>The trace that an order's events belong to, as stored in the outbox.</summary>
internal readonly record struct OrderTrace(string? Parent, string? State)
{
    private static readonly ActivitySource Source = new("Shop.WriteApi");

    /// <summary>The trace of the current request.</summary>
    public static OrderTrace OfRequest => Of(Activity.Current);

    /// <summary>
    /// Starts a trace for one of many orders that a single request changes, linked to that request. Without this, the
    /// request's trace would get the spans of all the orders.
    /// </summary>
    public static OrderTrace StartLinked(string name, ActivityContext request)
    {
        var caller = Activity.Current;
        // A current activity would become the parent.
        Activity.Current = null;
        using var traced = SuppressInstrumentationScope.Begin(false);
        using var span = Source.StartActivity(
            name, ActivityKind.Internal, parentContext: default, links: request == default ? [] : [new(request)]);
        var trace = Of(span);
        span?.Stop();
        Activity.Current = caller;
        return trace;
    }

    private static OrderTrace Of(Activity? activity) => new(activity?.Id, activity?.TraceStateString);
}
