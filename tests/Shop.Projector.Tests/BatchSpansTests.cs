using System.Diagnostics;
using System.Text;
using Shop.Projector.Projecting;

namespace Shop.Projector.Tests;

public sealed class BatchSpansTests
{
    private const string Recorded = "00-2af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string NotRecorded = "00-1af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

    [Fact]
    public void Of_a_batch_only_events_of_recorded_traces_have_spans()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Shop.Projector",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                // Other tests' spans come by here as well.
                if (span.Links.Select(link => link.Context).Append(span.Context).Any(IsRecorded))
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        var batch = new EventBatch();
        foreach (var trace in (string?[])[NotRecorded, Recorded, null, "none"])
            batch.Add(Record(trace));

        BatchSpans.Start(batch).Dispose();

        var span = Assert.Single(spans);
        Assert.Equal((ActivityKind.Consumer, Recorded[36..52]), (span.Kind, $"{span.ParentSpanId}"));
    }

    private static bool IsRecorded(ActivityContext context) => $"{context.TraceId}" == Recorded[3..35];

    private static Confluent.Kafka.ConsumeResult<byte[], byte[]> Record(string? traceParent)
    {
        var message = SampleOrder.Event(SampleOrder.State(Guid.CreateVersion7(), version: 1), traceParent);
        return new()
        {
            Topic = "orders",
            Message = new()
            {
                Key = Encoding.UTF8.GetBytes(message.Key),
                Value = message.Value,
                Headers = message.Headers,
            },
        };
    }
}
