using System.Text;
using System.Text.Json;
using Shop.Projector.DeadLetters;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class DeadLetterTests
{
    /// <summary>No reconciliation can run, so that the list comes from events and the topic alone.</summary>
    private static readonly Dictionary<string, string?> WithoutWriteApi = new()
    {
        ["services:write-api:http:0"] = "http://127.0.0.1:1",
    };

    [SkippableFact]
    public async Task An_unreadable_event_is_a_dead_letter_and_affects_no_other_order()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var (poisoned, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        var poison = await shop.PublishAsync(SampleOrder.Message(poisoned.ToString(), 1, "{\"order\":7}"u8.ToArray()));
        await shop.PublishAsync(SampleOrder.State(other, 1));

        await shop.IsStoredAsync(other, 1);
        var letters = await DeadLettersAsync(client, count: 1);
        Assert.Equal($"{poisoned}", letters[0].GetProperty("id").GetString());
        Assert.NotEmpty(letters[0].GetProperty("reason").GetString()!);
        Assert.Equal(poison.Offset.Value, letters[0].GetProperty("first").GetProperty("offset").GetInt64());
    }

    [SkippableFact]
    public async Task A_later_good_event_heals_an_order_at_once()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        await shop.PublishAsync(SampleOrder.Message($"{order}", 1, "poison"u8.ToArray()));
        await DeadLettersAsync(client, count: 1);

        await shop.PublishAsync(SampleOrder.State(order, 2));

        await shop.IsStoredAsync(order, 2);
        await DeadLettersAsync(client, count: 0);
    }

    [SkippableFact]
    public async Task An_older_good_event_does_not_heal_an_order()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        await shop.PublishAsync(SampleOrder.Message($"{order}", 2, "poison"u8.ToArray()));
        await DeadLettersAsync(client, count: 1);

        await shop.PublishAsync(SampleOrder.State(order, 1));

        await shop.IsStoredAsync(order, 1);
        await DeadLettersAsync(client, count: 1);
    }

    [SkippableFact]
    public async Task A_document_that_makes_the_store_fail_in_an_unforeseen_way_is_a_dead_letter()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        Guid[] orders = [.. Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7())];
        shop.Index.Refuses = document => document.Id == orders[7] ? throw new FormatException("unforeseen") : null;

        await Task.WhenAll(orders.Select(order => shop.PublishAsync(SampleOrder.State(order, 1))));

        foreach (var order in orders.Where(order => order != orders[7]))
            await shop.IsStoredAsync(order, 1);
        // If the document was alone in the last batch, only another write shows that the store is not at fault.
        await shop.PublishAsync(SampleOrder.State(Guid.CreateVersion7(), 1));
        var letters = await DeadLettersAsync(client, count: 1);
        Assert.Equal("unforeseen", letters[0].GetProperty("reason").GetString());
        Assert.True((await client.ReadAsync("/status")).GetProperty("hasJoined").GetBoolean());
    }

    [SkippableFact]
    public async Task A_rejected_document_has_a_dead_letter_until_the_store_accepts_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var order = Guid.CreateVersion7();
        shop.Index.Refuses = document => document.Id == order ? "a field is too long" : null;

        await shop.PublishAsync(SampleOrder.State(order, 1));
        var letters = await DeadLettersAsync(client, count: 1);
        Assert.Equal("a field is too long", letters[0].GetProperty("reason").GetString());
        using (var refused = await client.PostAsync("/dead-letters/retry-all", content: null))
        {
            var results = await JsonSerializer.DeserializeAsync<JsonElement>(await refused.Content.ReadAsStreamAsync());
            Assert.False(results[0].GetProperty("isHealed").GetBoolean());
        }

        shop.Index.Refuses = _ => null;
        using var taken = await client.PostAsync($"/dead-letters/{order}/retry", content: null);
        await shop.IsStoredAsync(order, 1);
        await DeadLettersAsync(client, count: 0);
    }

    [SkippableFact]
    public async Task An_order_whose_document_is_up_to_date_does_not_stay_listed()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var order = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var client = await shop.StartProjectorAsync();
        await shop.IsStoredAsync(order.Id, 2);

        // As when a reconciliation repairs the order while its dead letter is being written.
        await shop.PublishAsync(SampleOrder.Message($"{order.Id}", 2, "poison"u8.ToArray()));
        await DeadLettersAsync(client, count: 1);
        using (await client.PostAsync("/reconcile", content: null))
            await DeadLettersAsync(client, count: 0);
    }

    [SkippableFact]
    public async Task Dead_letters_and_their_resolution_survive_a_restart()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        var (kept, healed) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await shop.PublishAsync(SampleOrder.Message($"{kept}", 1, "poison"u8.ToArray()));
        await shop.PublishAsync(SampleOrder.Message($"{healed}", 1, "poison"u8.ToArray()));
        await DeadLettersAsync(client, count: 2);
        await shop.PublishAsync(SampleOrder.State(healed, 2));
        await DeadLettersAsync(client, count: 1);
        await shop.StopAsync(0);

        client = await shop.StartProjectorAsync(untilSettled: false, WithoutWriteApi);

        var letters = await DeadLettersAsync(client, count: 1);
        Assert.Equal($"{kept}", letters[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Object, letters[0].GetProperty("first").ValueKind);
    }

    [SkippableFact]
    public async Task Projectors_of_a_group_list_each_others_dead_letters()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var first = await shop.StartProjectorAsync(untilSettled: false, WithoutWriteApi);
        var second = await shop.StartProjectorAsync(untilSettled: false, WithoutWriteApi);
        var order = Guid.CreateVersion7();

        await shop.PublishAsync(SampleOrder.Message($"{order}", 1, "poison"u8.ToArray()));
        await DeadLettersAsync(first, count: 1);
        await DeadLettersAsync(second, count: 1);

        await shop.PublishAsync(SampleOrder.State(order, 2));
        await DeadLettersAsync(first, count: 0);
        await DeadLettersAsync(second, count: 0);
    }

    [Fact]
    public void The_list_keeps_the_newest_thousand()
    {
        var list = new DeadLetterList();
        var start = TimeProvider.System.GetUtcNow();
        for (var i = 0; i < 1_500; i++)
            list.Add(new($"{i}", "reason", start.AddSeconds(i), First: null, Events: 1, Version: 1));

        Assert.Equal(1_000, list.Count);
        Assert.Equal("500", list.List()[0].Id);
    }

    [SkippableFact]
    public async Task A_dead_letter_has_its_coordinates_and_reason_as_headers()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();
        var poison = await shop.PublishAsync(SampleOrder.Message("no order id", 1, "{}"u8.ToArray()));

        var letter = await shop.ReadDeadLetterAsync();

        string Header(string name) => Encoding.UTF8.GetString(letter.Message.Headers.GetLastBytes(name));
        Assert.Equal("no order id", letter.Message.Key);
        Assert.Equal(shop.Topic, Header(DeadLetterHeaders.Topic));
        Assert.Equal($"{poison.Partition.Value}", Header(DeadLetterHeaders.Partition));
        Assert.Equal($"{poison.Offset.Value}", Header(DeadLetterHeaders.Offset));
        Assert.Contains("key", Header(DeadLetterHeaders.Reason));
    }

    [SkippableTheory]
    [InlineData(null)]
    [InlineData("1000000")]
    public async Task Large_dead_letters_are_kept_or_recorded_without_value_if_the_topic_does_not_take_them(string? limit)
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var shop = await ProjectorFixture.CreateAsync(
            topicSettings: new Dictionary<string, string> { ["max.message.bytes"] = "8388608" });
        if (limit is not null)
            await kafka.CreateTopicAsync(1, new Dictionary<string, string> { ["max.message.bytes"] = limit }, shop.DeadLetters);
        var client = await shop.StartProjectorAsync();
        var (poisoned, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var value = new byte[5_000_000];
        Random.Shared.NextBytes(value);

        await shop.PublishAsync(SampleOrder.Message($"{poisoned}", 1, value));
        await shop.PublishAsync(SampleOrder.State(other, 1));

        await shop.IsStoredAsync(other, 1);
        await DeadLettersAsync(client, count: 1);
        var letter = await shop.ReadDeadLetterAsync();
        Assert.Equal(limit is null ? value.Length : null, letter.Message.Value?.Length);
        Assert.Equal(
            limit is not null, letter.Message.Headers.TryGetLastBytes(DeadLetterHeaders.OmittedBytes, out _));
    }

    [SkippableFact]
    public async Task Dead_letters_are_deleted_after_thirty_days()
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var shop = await ProjectorFixture.CreateAsync();
        await shop.StartProjectorAsync();

        var settings = await kafka.ReadSettingsAsync(shop.DeadLetters);

        Assert.Equal("delete", settings["cleanup.policy"]);
        Assert.Equal("2592000000", settings["retention.ms"]);
        Assert.Equal("86400000", settings["segment.ms"]);
    }

    [SkippableFact]
    public async Task Retrying_an_order_without_a_dead_letter_is_not_found()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var client = await shop.StartProjectorAsync();
        using var answer = await client.PostAsync($"/dead-letters/{Guid.CreateVersion7()}/retry", content: null);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static Task<JsonElement> DeadLettersAsync(HttpClient client, int count) => Eventually.GetAsync(
        () => client.ReadAsync("/dead-letters"), list => list.GetArrayLength() == count, $"{count} are listed");
}
