using System.Diagnostics;
using System.Net;
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

/// <summary>A topic, the write API's feeds and a read store, and projectors between them.</summary>
internal sealed class ProjectorFixture : IAsyncDisposable
{
    private readonly IProducer<string, byte[]> _producer;
    private readonly List<WebApplication> _projectors = [];

    private ProjectorFixture(KafkaServer kafka, string topic, WriteApiServer writeApi)
    {
        (Kafka, Topic, WriteApi) = (kafka, topic, writeApi);
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig(kafka.Client())
        {
            BootstrapServers = kafka.BootstrapServers,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = 8_388_608,
        }).Build();
    }

    private CancellationTokenSource? _heart;

    public KafkaServer Kafka { get; }

    public string Topic { get; }

    public string DeadLetters => $"{Topic}.dead-letters";

    public WriteApiServer WriteApi { get; }

    public MemoryIndex Index { get; } = new();

    /// <summary>Those of the first projector.</summary>
    public IServiceProvider Services => _projectors[0].Services;

    /// <summary>The store that the first projector writes to.</summary>
    public IOrderIndex Store => Services.GetRequiredService<IOrderIndex>();

    /// <summary>Adds another store in place of <see cref="Index"/>.</summary>
    public Action<WebApplicationBuilder>? AddStore { get; init; }

    /// <param name="kafka">A broker of the test's own, if the test stops it.</param>
    public static async Task<ProjectorFixture> CreateAsync(
        KafkaServer? kafka = null, Action<WebApplicationBuilder>? addStore = null,
        IReadOnlyDictionary<string, string>? topicSettings = null)
    {
        kafka ??= await KafkaServer.GetAsync();
        return new(kafka, await kafka.CreateTopicAsync(settings: topicSettings), await WriteApiServer.StartAsync()) { AddStore = addStore };
    }

    /// <param name="untilSettled">Whether to wait for its partitions and the reconciliation that follows.</param>
    /// <param name="settings">Further configuration.</param>
    public async Task<HttpClient> StartProjectorAsync(
        bool untilSettled = true, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:kafka"] = Kafka.BootstrapServers,
            ["Kafka:Consumer:FetchWaitMaxMs"] = $"{Kafka.FetchWaitMs}",
            ["services:write-api:http:0"] = WriteApi.Address,
            ["Projector:Topic"] = Topic,
            ["Projector:DeadLetterTopic"] = DeadLetters,
            ["Projector:GroupId"] = Topic,
            ["Projector:FreshnessInterval"] = "00:00:00.100",
            ["Projector:MaxStoreDelay"] = "00:00:00.100",
            ["Projector:RebuildInterval"] = "00:00:00.100",
            ["Projector:RebuildPatience"] = "00:00:02",
            ["Projector:VerifyInterval"] = "00:00:00.200",
        });
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
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

    /// <summary>Publishes heartbeats as a relay does, until it is disposed of.</summary>
    public void StartHeartbeats()
    {
        _heart = new();
        _ = BeatAsync(_heart.Token);
    }

    public void StopHeartbeats() => _heart?.Cancel();

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var partition in Partitions)
                _producer.Produce(partition, SampleOrder.Heartbeat(partition.Partition, WriteApi.DatabaseId));
        }
    }

    /// <summary>Publishes an event that the write API has committed.</summary>
    public Task PublishAsync(OrderDocument state, string? traceParent = null)
    {
        WriteApi.Add(state);
        return PublishAsync(SampleOrder.Event(state, traceParent));
    }

    public Task<DeliveryResult<string, byte[]>> PublishAsync(Message<string, byte[]> message) =>
        _producer.ProduceAsync(Topic, message);

    public Task PublishAsync(TopicPartition target, Message<string, byte[]> message) =>
        _producer.ProduceAsync(target, message);

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

    /// <summary>Waits for the first dead letter.</summary>
    public Task<ConsumeResult<string, byte[]?>> ReadDeadLetterAsync() => Task.Run(() =>
    {
        using var consumer = new ConsumerBuilder<string, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = $"{Guid.CreateVersion7()}",
            AutoOffsetReset = AutoOffsetReset.Earliest,
            TopicMetadataRefreshIntervalMs = 200,
        }).Build();
        consumer.Subscribe(DeadLetters);
        var deadline = Stopwatch.StartNew();
        while (deadline.Elapsed < TimeSpan.FromSeconds(30))
        {
            try
            {
                if (consumer.Consume(100) is { } letter)
                    return letter;
            }
            catch (ConsumeException)
            {
                // The topic does not exist yet.
            }
        }

        throw new TimeoutException("There is no dead letter.");
    });

    public IEnumerable<TopicPartition> Partitions =>
        Enumerable.Range(0, Topics.OrdersPartitions).Select(partition => new TopicPartition(Topic, partition));

    public async ValueTask DisposeAsync()
    {
        StopHeartbeats();
        while (_projectors.Count > 0)
            await StopAsync(0);
        _producer.Dispose();
        await WriteApi.DisposeAsync();
    }
}

internal static class ProjectorClient
{
    public static Task<JsonElement> ReadAsync(this HttpClient client, string path) =>
        client.GetFromJsonAsync<JsonElement>(path);

    /// <summary>Waits until <c>/health/lag</c> has this status and says this.</summary>
    public static Task<string> LagIsAsync(
        this HttpClient client, HttpStatusCode status, string words, TimeSpan? within = null) => Eventually.GetAsync(
            async () =>
            {
                using var answer = await client.GetAsync("/health/lag");
                return $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}";
            },
            answer => answer.StartsWith($"{status}", StringComparison.Ordinal)
                && answer.Contains(words, StringComparison.Ordinal),
            $"/health/lag is {status} with '{words}'",
            within);

    /// <summary>Waits until <c>/projections</c> names this problem of the first one, or none if it is null.</summary>
    public static Task<JsonElement> ProjectionSaysAsync(
        this HttpClient client, string? problem, TimeSpan? within = null) => Eventually.GetAsync(
            () => client.ReadAsync("/projections"),
            projections => projections[0].GetProperty("problem").GetString() is var said
                && (problem is null ? said is null : said?.StartsWith(problem, StringComparison.Ordinal) is true),
            $"the projection says '{problem}'",
            within);

    /// <summary>Waits until the projector has its partitions and no reconciliation runs.</summary>
    public static Task<JsonElement> SettledAsync(this HttpClient client) => Eventually.GetAsync(
        () => client.ReadAsync("/status"),
        status => status.GetProperty("hasJoined").GetBoolean()
            && !status.GetProperty("reconciliation").GetProperty("isRunning").GetBoolean(),
        "the projector is settled");

    /// <summary>Waits for a reconciliation whose report <paramref name="accept"/> accepts.</summary>
    public static async Task<JsonElement> ReconciledAsync(this HttpClient client, Func<JsonElement, bool> accept)
    {
        var status = await Eventually.GetAsync(
            () => client.ReadAsync("/reconcile"),
            status => status.GetProperty("last") is { ValueKind: JsonValueKind.Object } last && accept(last),
            "a reconciliation is done");
        return status.GetProperty("last");
    }

    /// <summary>Whether this projector has partition 0.</summary>
    public static async Task<bool> HasFirstPartitionAsync(this HttpClient client) =>
        (await client.ReadAsync("/status")).GetProperty("partitions").EnumerateArray()
            .Any(partition => partition.GetProperty("partition").GetInt32() == 0);
}
