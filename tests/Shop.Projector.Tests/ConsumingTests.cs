using System.Collections.Concurrent;
using System.Diagnostics;
using Confluent.Kafka;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class ConsumingTests
{
    [SkippableFact]
    public async Task An_event_becomes_a_document()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();

        await shop.PublishAsync(SampleOrder.State(order, 1));

        await shop.IsStoredAsync(order, 1);
        Assert.Equal("Nguyễn Văn Đức", shop.Index.Documents[order].Customer.Name);
    }

    [SkippableFact]
    public async Task The_newest_version_wins_over_duplicates_and_late_ones()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var (order, last) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        foreach (var version in (long[])[1, 3, 2, 3, 5, 1, 4, 5, 2])
            await shop.PublishAsync(SampleOrder.State(order, version));
        await shop.IsStoredAsync(order, 5);
        await shop.PublishAsync(SampleOrder.State(order, 3));
        await shop.PublishAsync(SampleOrder.State(last, 1));

        await shop.IsStoredAsync(last, 1);
        Assert.Equal(5, shop.Index.Documents[order].Version);
    }

    [SkippableFact]
    public async Task Offsets_are_committed_only_after_the_store_took_the_events()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var orders = Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray();
        await shop.PublishAsync(SampleOrder.State(orders[0], 1));
        await shop.IsStoredAsync(orders[0], 1);
        await Eventually.HoldsAsync(() => Task.FromResult(shop.CommittedEvents() == 1), "the offset is committed");

        shop.Index.IsAway = true;
        foreach (var order in orders)
            await shop.PublishAsync(SampleOrder.State(order, 2));
        var before = shop.Index.Writes;
        await Eventually.HoldsAsync(() => Task.FromResult(shop.Index.Writes > before + 20), "the store is tried again");
        Assert.Equal(1, shop.CommittedEvents());

        shop.Index.IsAway = false;
        foreach (var order in orders)
            await shop.IsStoredAsync(order, 2);
        await Eventually.HoldsAsync(() => Task.FromResult(shop.CommittedEvents() == 51), "all offsets are committed");
    }

    [SkippableFact]
    public async Task A_projector_that_ends_while_the_store_is_away_leaves_the_events_to_the_next()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        await shop.PublishAsync(SampleOrder.State(order, 1));
        await shop.IsStoredAsync(order, 1);

        shop.Index.IsAway = true;
        var before = shop.Index.Writes;
        await shop.PublishAsync(SampleOrder.State(order, 2));
        await Eventually.HoldsAsync(() => Task.FromResult(shop.Index.Writes > before), "the store is tried");
        await shop.StopAsync(0);
        Assert.Equal(1, shop.CommittedEvents());
        shop.Index.IsAway = false;
        await shop.StartProjectorAsync();

        await shop.IsStoredAsync(order, 2);
        await Eventually.HoldsAsync(() => Task.FromResult(shop.CommittedEvents() == 2), "the offset is committed");
    }

    [SkippableFact]
    public async Task Another_projector_takes_over_the_partitions_of_one_that_stops()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        await shop.StartProjectorAsync(untilSettled: false);
        var orders = Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var order in orders)
            await shop.PublishAsync(SampleOrder.State(order, 1));
        foreach (var order in orders)
            await shop.IsStoredAsync(order, 1);

        await shop.StopAsync(0);
        foreach (var order in orders)
            await shop.PublishAsync(SampleOrder.State(order, 2));

        foreach (var order in orders)
            await shop.IsStoredAsync(order, 2);
    }

    [SkippableFact]
    public async Task A_committed_offset_that_the_log_does_not_have_starts_a_reconciliation_and_skips_nothing()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        using (var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = shop.Kafka.BootstrapServers,
            GroupId = shop.Topic,
        }).Build())
        {
            consumer.Commit(shop.Partitions.Select(partition => new TopicPartitionOffset(partition, 1000)));
        }

        var gone = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 7));
        var kept = SampleOrder.State(Guid.CreateVersion7(), 1);
        await shop.PublishAsync(kept);
        var client = await shop.StartProjectorAsync();

        await shop.IsStoredAsync(gone.Id, 7);
        await shop.IsStoredAsync(kept.Id, 1);
        await client.ReconciledAsync(last => last.GetProperty("reason").GetString()!.StartsWith("partition", default));
        await shop.PublishAsync(SampleOrder.State(kept.Id, 2));
        await shop.IsStoredAsync(kept.Id, 2);
    }

    [SkippableFact]
    public async Task The_consumer_span_belongs_to_the_trace_of_the_message()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Shop.Projector",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();

        await shop.PublishAsync(
            SampleOrder.State(order, 1), "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        var span = await Eventually.GetAsync(
            () => Task.FromResult(spans.FirstOrDefault(
                span => Equals(span.GetTagItem("messaging.kafka.message.key"), $"{order}"))),
            span => span is not null,
            "the span has ended");
        Assert.Equal(ActivityKind.Consumer, span!.Kind);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToString());
        Assert.Equal("b7ad6b7169203331", span.ParentSpanId.ToString());
    }
}
