using System.Net;
using Confluent.Kafka;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>A broken link turns <c>/health/lag</c> unhealthy within the limit and ten seconds, and is named.</summary>
public sealed class LagTests
{
    private static readonly Dictionary<string, string?> ShortLimit = new() { ["Projector:MaxLag"] = "00:00:02" };
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(12);

    [SkippableFact]
    public async Task The_as_of_time_follows_the_heartbeats()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        var client = await shop.StartProjectorAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Freshness.Count == 12), "freshness of every partition is saved");
        var before = shop.Index.Freshness.Values.Min();

        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Freshness.Values.Min() > before), "the as-of time rises");

        await client.LagIsAsync(HttpStatusCode.OK, "");
        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        using var deleted = await client.DeleteAsync("/health/ready");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, deleted.StatusCode);
        Assert.Equal(["GET", "HEAD", "OPTIONS"], deleted.Content.Headers.Allow.Order());
        Assert.Equal(shop.WriteApi.DatabaseId, shop.Index.DatabaseId);
    }

    [SkippableFact]
    public async Task An_event_in_one_partition_proves_nothing_about_the_others()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync(settings: ShortLimit);
        await shop.PublishAsync(SampleOrder.State(Guid.CreateVersion7(), 1));

        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "relay: ", Promised);
    }

    [SkippableFact]
    public async Task A_heartbeat_that_was_delayed_counts_from_its_commit()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var committedAt = TimeProvider.System.GetUtcNow().AddMinutes(-10);

        foreach (var target in shop.Partitions)
            await shop.PublishAsync(target, SampleOrder.Heartbeat(target.Partition, shop.WriteApi.DatabaseId, committedAt));

        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "relay: ");
        Assert.All(shop.Index.Freshness.Values, asOf => Assert.Equal(committedAt, asOf));
    }

    [SkippableFact]
    public async Task A_relay_that_stops_is_named()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        var client = await shop.StartProjectorAsync(settings: ShortLimit);
        await client.LagIsAsync(HttpStatusCode.OK, "");

        shop.StopHeartbeats();
        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "relay: ", Promised);

        shop.StartHeartbeats();
        await client.LagIsAsync(HttpStatusCode.OK, "");
    }

    [SkippableFact]
    public async Task A_store_that_does_not_respond_is_named()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        var client = await shop.StartProjectorAsync(settings: ShortLimit);
        await client.LagIsAsync(HttpStatusCode.OK, "");

        shop.Index.IsAway = true;
        await shop.PublishAsync(SampleOrder.State(Guid.CreateVersion7(), 1));
        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "store: The store is away.", Promised);

        shop.Index.IsAway = false;
        await client.LagIsAsync(HttpStatusCode.OK, "");
    }

    [SkippableFact]
    public async Task A_projector_without_a_consumer_session_is_named()
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        // A member with other assignment strategies keeps the projector out of its group.
        using var other = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = shop.Topic,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.RoundRobin,
        }).Build();
        other.Subscribe(shop.Topic);
        await Eventually.HoldsAsync(
            () => Task.Run(() => other.Consume(100) is not null || other.Assignment.Count > 0), "the other has joined");

        var client = await shop.StartProjectorAsync(untilSettled: false, settings: ShortLimit);
        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "projector: ", Promised);
        using (var ready = await client.GetAsync("/health/ready"))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        other.Close();
        await client.LagIsAsync(HttpStatusCode.OK, "");
    }

    [SkippableFact]
    public async Task A_broker_that_is_away_is_named_and_readiness_follows_the_session()
    {
        var kafka = KafkaServer.StartMock();
        await using var shop = await ProjectorFixture.CreateAsync(kafka);
        shop.StartHeartbeats();
        var client = await shop.StartProjectorAsync(settings: ShortLimit);
        await client.LagIsAsync(HttpStatusCode.OK, "");
        Guid[] orders = [.. Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7())];

        kafka.SetAway(true);
        var publishing = Task.WhenAll(orders.Select(order => shop.PublishAsync(SampleOrder.State(order, 1))));
        await client.LagIsAsync(HttpStatusCode.ServiceUnavailable, "broker: ", Promised);
        await ReadyIsAsync(client, HttpStatusCode.ServiceUnavailable);
        Assert.Empty(shop.Index.Documents);

        kafka.SetAway(false);
        await publishing;
        foreach (var order in orders)
            await shop.IsStoredAsync(order, 1);
        await ReadyIsAsync(client, HttpStatusCode.OK);
        await client.LagIsAsync(HttpStatusCode.OK, "");
    }

    [SkippableFact]
    public async Task Heartbeats_of_another_write_database_are_reported()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        var client = await shop.StartProjectorAsync();
        await client.LagIsAsync(HttpStatusCode.OK, "");
        var order = SampleOrder.State(Guid.CreateVersion7(), 1);

        shop.WriteApi.DatabaseId = Guid.CreateVersion7();

        await client.LagIsAsync(
            HttpStatusCode.ServiceUnavailable, $"POST /reconcile?confirm={shop.WriteApi.DatabaseId}", Promised);
        await shop.PublishAsync(order);
        await shop.IsStoredAsync(order.Id, 1);
        using (await client.PostAsync($"/reconcile?confirm={shop.WriteApi.DatabaseId}", content: null))
            await client.LagIsAsync(HttpStatusCode.OK, "");
    }

    private static Task<HttpStatusCode> ReadyIsAsync(HttpClient client, HttpStatusCode status) => Eventually.GetAsync(
        async () =>
        {
            using var ready = await client.GetAsync("/health/ready");
            return ready.StatusCode;
        },
        found => found == status,
        $"/health/ready is {status}");
}
