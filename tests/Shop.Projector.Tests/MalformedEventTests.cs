using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Shop.Contracts;
using Shop.Projector.Tests.Rebuilding;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>Events that no relay writes. Each has the outcome below, and leaves other orders and sessions alone.</summary>
public sealed class MalformedEventTests
{
    private const string DeadLetter = "dead letter";
    private const string Stored = "stored";

    public static TheoryData<string> Stores => ["postgresql", "elasticsearch"];

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task Each_kind_of_malformed_event_leaves_other_orders_untouched(string name)
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var store = name == "postgresql"
            ? await PostgreSqlRebuildStore.CreateAsync()
            : await ElasticsearchRebuildStore.CreateAsync();
        await using var shop = await ProjectorFixture.CreateAsync(kafka, builder =>
        {
            builder.Configuration.AddInMemoryCollection(store.Settings);
            builder.AddReadModel();
        });
        var client = await shop.StartProjectorAsync();
        SortedDictionary<string, string> expected = new(StringComparer.Ordinal);

        foreach (var (kind, message, outcome) in Malformed())
        {
            // Before and after each, in the same partitions and mostly in the same batch.
            await GoodAsync();
            var published = await shop.PublishAsync(message);
            var id = Guid.TryParse(message.Key, out _)
                ? message.Key
                : $"{published.Partition.Value}@{published.Offset.Value}";
            expected[id] = $"{kind}: {(outcome == Stored || outcome == name ? Stored : DeadLetter)}";
            await GoodAsync();
        }

        SortedDictionary<string, string> found = [];
        await Eventually.GetAsync(
            async () => found = await OutcomesAsync(shop.Store, client, expected),
            outcomes => outcomes.Count >= expected.Count,
            "every event is handled");
        Assert.Equal(expected.Values, found.Values);
        Assert.True((await client.ReadAsync("/status")).GetProperty("hasJoined").GetBoolean());
        Assert.Equal(string.Empty, $"{(await client.ReadAsync("/status")).GetProperty("storeError")}");

        async Task GoodAsync()
        {
            var good = Guid.CreateVersion7();
            expected[$"{good}"] = $"good: {Stored}";
            await shop.PublishAsync(SampleOrder.State(good, 1));
        }
    }

    /// <summary>What became of each event, by the order's id or the event's coordinates.</summary>
    private static async Task<SortedDictionary<string, string>> OutcomesAsync(
        IOrderIndex index, HttpClient client, IReadOnlyDictionary<string, string> expected)
    {
        SortedDictionary<string, string> outcomes = new(StringComparer.Ordinal);
        await foreach (var order in index.VersionsAsync(default))
            Add($"{order.Id}", Stored);
        foreach (var letter in (await client.ReadAsync("/dead-letters")).EnumerateArray())
            Add(letter.GetProperty("id").GetString()!, DeadLetter);
        return outcomes;

        void Add(string id, string outcome) =>
            outcomes[id] = $"{expected.GetValueOrDefault(id, "unknown").Split(':')[0]}: {outcome}";
    }

    /// <summary>
    /// Outcomes: a dead letter, stored, or stored in the named store only. Valid documents are stored, however unusual
    /// their JSON is; Elasticsearch rejects members that come twice.
    /// </summary>
    private static List<(string Kind, Message<string, byte[]> Message, string Outcome)> Malformed()
    {
        var huge = new string('x', 200_000);
        return
        [
            ("null key", Change(message => message.Key = null!), DeadLetter),
            ("wrong key", Change(message => message.Key = $"{Guid.CreateVersion7()}"), DeadLetter),
            ("text key", Change(message => message.Key = "order 7"), DeadLetter),
            ("no headers", Change(message => message.Headers = []), DeadLetter),
            ("huge version", Header(EventHeaders.AggregateVersion, "9223372036854775808"), DeadLetter),
            ("negative version", Header(EventHeaders.AggregateVersion, "-1"), DeadLetter),
            ("other version", Header(EventHeaders.AggregateVersion, "7"), DeadLetter),
            ("unknown type", Header(EventHeaders.Type, "shop.order.placed.v9"), DeadLetter),
            ("null value", Change(message => message.Value = null!), DeadLetter),
            ("empty value", Value(""), DeadLetter),
            ("truncated value", Edit(json => json[..^9]), DeadLetter),
            ("array", Value("[]"), DeadLetter),
            ("wrong type", Edit(json => json.Replace("\"version\":1", "\"version\":\"one\"")), DeadLetter),
            ("missing member", Edit(json => json.Replace("\"status\":\"placed\",", "")), DeadLetter),
            ("null member", Edit(json => json.Replace("\"status\":\"placed\"", "\"status\":null")), DeadLetter),
            ("null line", Edit(json => json.Replace("\"lines\":[", "\"lines\":[null,")), DeadLetter),
            ("date out of range", Edit(json => json.Replace("\"placedAt\":\"2026", "\"placedAt\":\"0000")), DeadLetter),
            ("date in the year 1", Edit(json => json.Replace("\"placedAt\":\"2026", "\"placedAt\":\"0001")), Stored),
            ("amount overflow", Edit(json => json.Replace("9800", "98000000000000000000")), DeadLetter),
            ("deep nesting", Edit(json => json.Replace("{\"data\":{}", $"{{\"data\":{Nested(200)}")), DeadLetter),
            ("duplicate members", Edit(json => json.Replace("\"version\":1,", "\"version\":1,\"version\":1,")),
                "postgresql"),
            ("invalid UTF-8", Change(message => message.Value[^20] = 0xff), DeadLetter),
            ("lone surrogate", Edit(json => json.Replace("version 1", "\\ud800")), DeadLetter),
            ("U+0000", Edit(json => json.Replace("version 1", "\\u0000")), Stored),
            ("very long strings", Edit(json => json.Replace("KB-1", huge).Replace("version 1", huge)), Stored),
            ("newline inside JSON", Edit(json => json.Replace("\"version\":1", "\n\"version\":1\n")), Stored),
            ("unknown member", Edit(json => json.Replace("\"version\":1", "\"version\":1,\"colour\":\"red\"")), Stored),
            ("text after the object", Edit(json => json + "{}"), DeadLetter),
        ];
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    private static Message<string, byte[]> Header(string name, string value) => Change(message =>
    {
        message.Headers.Remove(name);
        message.Headers.Add(name, Encoding.UTF8.GetBytes(value));
    });

    private static Message<string, byte[]> Value(string value) =>
        Change(message => message.Value = Encoding.UTF8.GetBytes(value));

    private static Message<string, byte[]> Edit(Func<string, string> edit) =>
        Change(message => message.Value = Encoding.UTF8.GetBytes(edit(Encoding.UTF8.GetString(message.Value))));

    private static Message<string, byte[]> Change(Action<Message<string, byte[]>> change)
    {
        var message = SampleOrder.Event(SampleOrder.State(Guid.CreateVersion7(), 1));
        change(message);
        return message;
    }
}
