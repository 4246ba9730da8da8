using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.Projector.Tests.Rebuilding;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>Events that no relay writes. Each is a dead letter or is stored, and leaves other orders and sessions alone.</summary>
public sealed class MalformedEventTests
{
    public static TheoryData<string> Stores => ["postgresql", "elasticsearch"];

    [SkippableTheory]
    [MemberData(nameof(Stores))]
    public async Task Each_kind_of_malformed_event_leaves_other_orders_untouched(string name)
    {
        var kafka = await KafkaServer.GetRealAsync();
        await using var store = name == "postgresql"
            ? await PostgreSqlRebuildStore.CreateAsync()
            : await ElasticsearchRebuildStore.CreateAsync();
        IOrderIndex? index = null;
        await using var shop = await ProjectorFixture.CreateAsync(kafka, builder =>
        {
            builder.Configuration.AddInMemoryCollection(store.Settings);
            builder.AddReadModel();
            builder.Services.AddHostedService(provider =>
                new IndexAccess(found => index = found, provider.GetRequiredService<IOrderIndex>()));
        });
        var client = await shop.StartProjectorAsync();
        List<Guid> good = [];
        var kinds = Malformed();

        foreach (var (_, message) in kinds)
        {
            // Before and after each, in the same partitions and mostly in the same batch.
            await GoodAsync();
            await shop.PublishAsync(message);
            await GoodAsync();
        }

        await Eventually.GetAsync(
            async () =>
            {
                var stored = new HashSet<Guid>();
                await foreach (var version in index!.VersionsAsync(default))
                    stored.Add(version.Id);
                return good.Count(id => !stored.Contains(id));
            },
            missing => missing == 0,
            "every good order is stored");
        var letters = await client.ReadAsync("/dead-letters");
        // Some kinds are unusual but valid documents, depending on the store.
        Assert.InRange(letters.GetArrayLength(), kinds.Count - 6, kinds.Count);
        Assert.True((await client.ReadAsync("/status")).GetProperty("hasJoined").GetBoolean());
        Assert.Equal(string.Empty, $"{(await client.ReadAsync("/status")).GetProperty("storeError")}");

        async Task GoodAsync()
        {
            good.Add(Guid.CreateVersion7());
            await shop.PublishAsync(SampleOrder.State(good[^1], 1));
        }
    }

    private static List<(string Kind, Message<string, byte[]> Message)> Malformed()
    {
        var huge = new string('x', 200_000);
        return
        [
            ("null key", Change(message => message.Key = null!)),
            ("wrong key", Change(message => message.Key = $"{Guid.CreateVersion7()}")),
            ("text key", Change(message => message.Key = "order 7")),
            ("no headers", Change(message => message.Headers = [])),
            ("huge version", Header(EventHeaders.AggregateVersion, "9223372036854775808")),
            ("negative version", Header(EventHeaders.AggregateVersion, "-1")),
            ("other version", Header(EventHeaders.AggregateVersion, "7")),
            ("unknown type", Header(EventHeaders.Type, "shop.order.placed.v9")),
            ("null value", Change(message => message.Value = null!)),
            ("empty value", Value("")),
            ("truncated value", Edit(json => json[..^9])),
            ("array", Value("[]")),
            ("wrong type", Edit(json => json.Replace("\"version\":1", "\"version\":\"one\""))),
            ("missing member", Edit(json => json.Replace("\"status\":\"placed\",", ""))),
            ("null member", Edit(json => json.Replace("\"status\":\"placed\"", "\"status\":null"))),
            ("null line", Edit(json => json.Replace("\"lines\":[", "\"lines\":[null,"))),
            ("date out of range", Edit(json => json.Replace("\"placedAt\":\"2026", "\"placedAt\":\"0000"))),
            ("date before what stores take", Edit(json => json.Replace("\"placedAt\":\"2026", "\"placedAt\":\"0001"))),
            ("amount overflow", Edit(json => json.Replace("9800", "98000000000000000000"))),
            ("deep nesting", Edit(json => json.Replace("{\"data\":{}", $"{{\"data\":{Nested(200)}"))),
            ("duplicate members", Edit(json => json.Replace("\"version\":1", "\"version\":1,\"version\":1"))),
            ("invalid UTF-8", Change(message => message.Value[^20] = 0xff)),
            ("lone surrogate", Edit(json => json.Replace("version 1", "\\ud800"))),
            ("U+0000", Edit(json => json.Replace("version 1", "\\u0000"))),
            ("very long strings", Edit(json => json.Replace("KB-1", huge).Replace("version 1", huge))),
            ("newline inside JSON", Edit(json => json.Replace("\"version\":1", "\n\"version\":1\n"))),
            ("text after the object", Edit(json => json + "{}")),
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

    /// <summary>Gives the test the projector's own store.</summary>
    private sealed class IndexAccess(Action<IOrderIndex> found, IOrderIndex index) : Microsoft.Extensions.Hosting.IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            found(index);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
