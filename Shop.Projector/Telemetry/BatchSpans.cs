using System.Diagnostics;
using Shop.Projector.Consuming;

namespace Shop.Projector.Telemetry;

/// <summary>
/// A consumer span for each event whose trace is recorded, in the trace of the command that raised it, and one for the
/// batch, which links to them. What the store does belongs to the event's own trace where the batch is of one event.
/// </summary>
internal sealed class BatchSpans : IDisposable
{
    private readonly List<Activity> _spans;

    private BatchSpans(List<Activity> spans) => _spans = spans;

    public static BatchSpans Start(EventBatch batch)
    {
        List<Activity> spans = [];
        if (!ProjectorMetrics.Activities.HasListeners())
            return new(spans);

        Activity.Current = null;
        if (batch.Records.Count == 1)
        {
            Add(spans, StartEvent(batch.Records[0]));
            return new(spans);
        }

        // Of a backlog's events few belong to a trace that somebody records.
        foreach (var record in batch.Records.Where(record => record.IsTraced))
        {
            Add(spans, StartEvent(record));
            Activity.Current = null;
        }

        Add(spans, StartBatch(batch.Records.Count, spans.ConvertAll(span => new ActivityLink(span.Context))));
        return new(spans);
    }

    public void Dispose()
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
            _spans[i].Dispose();
    }

    private static void Add(List<Activity> spans, Activity? span)
    {
        if (span is not null)
            spans.Add(span);
    }

    private static Activity? StartBatch(int events, List<ActivityLink> links) => ProjectorMetrics.Activities
        .StartActivity("project batch", ActivityKind.Internal, parentContext: default, links: links)?
        .SetTag("messaging.batch.message_count", events);

    private static Activity? StartEvent(OrderEventRecord record)
    {
        var result = record.Result;
        var span = ProjectorMetrics.Activities.StartActivity(
            $"{result.Topic} process", ActivityKind.Consumer, record.TraceContext);
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
