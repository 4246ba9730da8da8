using System.Diagnostics;
using Shop.Projector.Consuming;

namespace Shop.Projector.Telemetry;

/// <summary>
/// A consumer span for each event, in the trace of the command that raised it, and one for the batch, which links to
/// them. What the store does belongs to the event's own trace where the batch is of one event.
/// </summary>
internal sealed class BatchSpans : IDisposable
{
    private readonly List<Activity> _spans;

    private BatchSpans(List<Activity> spans) => _spans = spans;

    public static BatchSpans Start(EventBatch batch)
    {
        var source = ProjectorMetrics.Activities;
        List<Activity> spans = [];
        if (!source.HasListeners())
            return new(spans);

        Activity.Current = null;
        foreach (var record in batch.Records)
        {
            if (StartEvent(source, record) is { } span)
                spans.Add(span);
            if (batch.Records.Count > 1)
                Activity.Current = null;
        }

        if (batch.Records.Count > 1 && spans.Count > 0)
        {
            var links = spans.ConvertAll(span => new ActivityLink(span.Context));
            var whole = source.StartActivity(
                "project batch", ActivityKind.Internal, parentContext: default, links: links);
            whole?.SetTag("messaging.batch.message_count", batch.Records.Count);
            if (whole is not null)
                spans.Add(whole);
        }

        return new(spans);
    }

    public void Dispose()
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
            _spans[i].Dispose();
    }

    private static Activity? StartEvent(ActivitySource source, OrderEventRecord record)
    {
        var result = record.Result;
        var span = source.StartActivity($"{result.Topic} process", ActivityKind.Consumer, record.TraceContext);
        return span?
            .SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.name", "process")
            .SetTag("messaging.destination.name", result.Topic)
            .SetTag("messaging.destination.partition.id", result.Partition.Value)
            .SetTag("messaging.kafka.offset", result.Offset.Value)
            .SetTag("messaging.kafka.message.key", record.OrderId?.ToString())
            .SetTag("shop.order.version", record.Version)
            .SetTag("shop.event.type", record.Type);
    }
}
