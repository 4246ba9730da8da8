using System.Net.Http.Json;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ServiceDefaults;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>A topic, a write side and a read store, and projectors between them.</summary>
internal sealed class ProjectorFixture : IAsyncDisposable
{
    private readonly IProducer<string, byte[]> _producer;
    private readonly List<WebApplication> _projectors = [];

    private ProjectorFixture(KafkaServer kafka, string topic, WriteSideServer writeSide)
    {
        (Kafka, Topic, WriteSide) = (kafka, topic, writeSide);
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
        }).Build();
    }

    public KafkaServer Kafka { get; }

    public string Topic { get; }

    public string DeadLetters => $"{Topic}.dead-letters";

    public WriteSideServer WriteSide { get; }

    public MemoryIndex Index { get; } = new();

    /// <summary>Puts another store in the place of <see cref="Index"/>.</summary>
    public Action<WebApplicationBuilder>? AddStore { get; init; }

    /// <param name="kafka">A broker of the test's own, where it takes it away.</param>
    public static async Task<ProjectorFixture> CreateAsync(
        KafkaServer? kafka = null, Action<WebApplicationBuilder>? addStore = null)
    {
        kafka ??= await KafkaServer.GetAsync();
        return new(kafka, await kafka.CreateTopicAsync(), await WriteSideServer.StartAsync()) { AddStore = addStore };
    }

    /// <param name="untilSettled">Whether to wait for its partitions and the audit that begins with them.</param>
    public async Task<HttpClient> StartProjectorAsync(bool untilSettled = true)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = Kafka.BootstrapServers,
            ["Kafka:Consumer:FetchWaitMaxMs"] = "5",
            ["services:write-api:http:0"] = WriteSide.Address,
            ["Projector:Topic"] = Topic,
            ["Projector:DeadLetterTopic"] = DeadLetters,
            ["Projector:GroupId"] = Topic,
            ["Projector:FreshnessInterval"] = "00:00:00.100",
            ["Projector:MaxStoreDelay"] = "00:00:00.100",
            ["Projector:RebuildInterval"] = "00:00:00.100",
            ["Projector:VerifyInterval"] = "00:00:00.200",
        });
        builder.AddServiceDefaults();
        builder.AddProjector();
        (AddStore ?? AddMemoryStore)(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapProjector();
        _projectors.Add(app);
        await app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        if (untilSettled)
            await client.SettledAsync();
        return client;
    }

    private void AddMemoryStore(WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IOrderIndex>(Index);
        builder.Services.AddSingleton<IIndexGenerations>(Index);
    }

    public async Task StopAsync(int projector)
    {
        var app = _projectors[projector];
        _projectors.RemoveAt(projector);
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Publishes what the write side has committed.</summary>
    public Task PublishAsync(OrderDocument state, string? traceParent = null)
    {
        WriteSide.Add(state);
        return PublishAsync(SampleOrder.Event(state, traceParent));
    }

    public Task<DeliveryResult<string, byte[]>> PublishAsync(Message<string, byte[]> message) =>
        _producer.ProduceAsync(Topic, message);

    public Task IsStoredAsync(Guid order, long version) => Eventually.GetAsync(
        () => Task.FromResult(Index.Documents.GetValueOrDefault(order)?.Version ?? 0),
        stored => stored == version,
        $"version {version} is stored");

    public long CommittedEvents()
    {
        using var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = Topic,
        }).Build();
        return consumer.Committed(Partitions, TimeSpan.FromSeconds(10))
            .Sum(partition => partition.Offset.IsSpecial ? 0 : partition.Offset.Value);
    }

    public IEnumerable<TopicPartition> Partitions =>
        Enumerable.Range(0, Topics.OrdersPartitions).Select(partition => new TopicPartition(Topic, partition));

    public async ValueTask DisposeAsync()
    {
        while (_projectors.Count > 0)
            await StopAsync(0);
        _producer.Dispose();
        await WriteSide.DisposeAsync();
    }
}

internal static class ProjectorClient
{
    public static Task<JsonElement> ReadAsync(this HttpClient client, string path) =>
        client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Waits until the projector has its partitions and no audit runs.</summary>
    public static Task<JsonElement> SettledAsync(this HttpClient client) => Eventually.GetAsync(
        () => client.ReadAsync("/status"),
        status => status.GetProperty("hasJoined").GetBoolean()
            && !status.GetProperty("audit").GetProperty("isRunning").GetBoolean(),
        "the projector is settled");

    /// <summary>Waits for an audit that has found what <paramref name="accept"/> wants.</summary>
    public static async Task<JsonElement> AuditAsync(this HttpClient client, Func<JsonElement, bool> accept)
    {
        var status = await Eventually.GetAsync(
            () => client.ReadAsync("/audit"),
            status => status.GetProperty("last") is { ValueKind: JsonValueKind.Object } last && accept(last),
            "an audit is done");
        return status.GetProperty("last");
    }

    /// <summary>Whether this projector is the one that does what only one has to do.</summary>
    public static async Task<bool> HasFirstPartitionAsync(this HttpClient client) =>
        (await client.ReadAsync("/status")).GetProperty("partitions").EnumerateArray()
            .Any(partition => partition.GetProperty("partition").GetInt32() == 0);
}
