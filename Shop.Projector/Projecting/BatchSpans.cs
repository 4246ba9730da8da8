using System.Diagnostics;
using OpenTelemetry;
using Shop.Projector.Telemetry;

namespace Shop.Projector.Projecting;

/// <summary>
/// A consumer span for each event whose trace is recorded, in the trace of the command that raised it. What the store
/// does for the batch belongs to the trace of the first of them; a batch without any is not traced.
/// </summary>
internal sealed class BatchSpans : IDisposable
{
    private readonly List<Activity> _spans = [];
    private readonly IDisposable _scope;

    private BatchSpans(IDisposable scope) => _scope = scope;

    public static BatchSpans Start(EventBatch batch)
    {
        var isTraced = ProjectorMetrics.Activities.HasListeners() && batch.Records.Exists(record => record.IsTraced);
        var spans = new BatchSpans(SuppressInstrumentationScope.Begin(!isTraced));
        if (isTraced)
            spans.StartEvents(batch);
        return spans;
    }

    public void Dispose()
    {
        for (var i = _spans.Count - 1; i >= 0; i--)
            _spans[i].Dispose();
        _scope.Dispose();
    }

    private void StartEvents(EventBatch batch)
    {
        foreach (var record in batch.Records.Where(record => record.IsTraced))
        {
            if (StartEvent(record) is { } span)
                _spans.Add(span.SetTag("messaging.batch.message_count", batch.Records.Count));
        }

        Activity.Current = _spans.FirstOrDefault();
    }

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
