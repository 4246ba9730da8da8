using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Shop.Projector.Parking;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class ParkingTests
{
    [SkippableFact]
    public async Task An_unreadable_event_parks_its_order_and_no_other()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var (poisoned, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var poison = await shop.PublishAsync(SampleOrder.Message(poisoned.ToString(), 1, "{\"order\":7}"u8.ToArray()));
        await shop.PublishAsync(SampleOrder.State(other, 1));

        await shop.IsStoredAsync(other, 1);
        var parked = await ParkedAsync(client, count: 1);
        Assert.Equal($"{poisoned}", parked[0].GetProperty("id").GetString());
        Assert.NotEmpty(parked[0].GetProperty("reason").GetString()!);
        Assert.Equal(poison.Offset.Value, parked[0].GetProperty("first").GetProperty("offset").GetInt64());
    }

    [SkippableFact]
    public async Task Later_events_of_a_parked_order_wait_and_a_retry_heals_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        await shop.PublishAsync(SampleOrder.Message($"{order}", 1, "poison"u8.ToArray()));
        await ParkedAsync(client, count: 1);

        shop.WriteSide.Add(SampleOrder.State(order, 2));
        await shop.PublishAsync(SampleOrder.State(order, 2));
        await Eventually.GetAsync(
            () => client.ReadAsync("/parked"),
            list => list[0].GetProperty("events").GetInt64() == 2,
            "both are parked");
        Assert.False(shop.Index.Documents.ContainsKey(order));

        using var answer = await client.PostAsync($"/parked/{order}/retry", content: null);
        answer.EnsureSuccessStatusCode();
        await shop.IsStoredAsync(order, 2);
        await ParkedAsync(client, count: 0);
        await shop.PublishAsync(SampleOrder.State(order, 3));
        await shop.IsStoredAsync(order, 3);
    }

    [SkippableFact]
    public async Task A_document_that_the_store_refuses_parks_its_order_until_the_store_takes_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        shop.Index.Refuses = document => document.Id == order ? "a field is too long" : null;

        await shop.PublishAsync(SampleOrder.State(order, 1));
        var parked = await ParkedAsync(client, count: 1);
        Assert.Equal("a field is too long", parked[0].GetProperty("reason").GetString());
        using (var refused = await client.PostAsync("/parked/retry-all", content: null))
        {
            var results = await JsonSerializer.DeserializeAsync<JsonElement>(await refused.Content.ReadAsStreamAsync());
            Assert.False(results[0].GetProperty("isHealed").GetBoolean());
        }

        shop.Index.Refuses = _ => null;
        using var taken = await client.PostAsync("/parked/retry-all", content: null);
        await shop.IsStoredAsync(order, 1);
        await ParkedAsync(client, count: 0);
    }

    [SkippableFact]
    public async Task A_dead_letter_says_where_it_came_from_and_why()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var poison = await shop.PublishAsync(SampleOrder.Message("no order id", 1, "{}"u8.ToArray()));

        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = shop.Kafka.BootstrapServers,
            GroupId = "none",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            TopicMetadataRefreshIntervalMs = 200,
        }).Build();
        consumer.Subscribe(shop.DeadLetters);
        var letter = await Eventually.GetAsync(
            () => Task.FromResult(TryConsume(consumer)), result => result is not null, "the dead letter is there");

        string Header(string name) => Encoding.UTF8.GetString(letter!.Message.Headers.GetLastBytes(name));
        Assert.Equal("no order id", letter!.Message.Key);
        Assert.Equal(shop.Topic, Header(DeadLetterTopic.TopicHeader));
        Assert.Equal($"{poison.Partition.Value}", Header(DeadLetterTopic.PartitionHeader));
        Assert.Equal($"{poison.Offset.Value}", Header(DeadLetterTopic.OffsetHeader));
        Assert.Contains("key", Header(DeadLetterTopic.ReasonHeader));
    }

    [SkippableFact]
    public async Task Retrying_an_order_that_is_not_parked_is_not_found()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        using var answer = await client.PostAsync($"/parked/{Guid.CreateVersion7()}/retry", content: null);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<JsonElement> ParkedAsync(HttpClient client, int count) => Eventually.GetAsync(
        () => client.ReadAsync("/parked"), list => list.GetArrayLength() == count, $"{count} are parked");

    private static ConsumeResult<string, byte[]>? TryConsume(IConsumer<string, byte[]> consumer)
    {
        try
        {
            return consumer.Consume(100);
        }
        catch (ConsumeException)
        {
            return null;
        }
    }
}
