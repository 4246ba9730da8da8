using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Contracts;
using Shop.Testing;
using Shop.WriteApi.Relay;

namespace Shop.WriteApi.Tests.Relay;

/// <summary>A database with an outbox, a topic, and relays between them.</summary>
internal sealed class RelayFixture : IAsyncDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly List<IHost> _hosts = [];

    private RelayFixture(string connectionString, KafkaServer kafka, string topic)
    {
        ConnectionString = connectionString;
        Kafka = kafka;
        Topic = topic;
        _database = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public KafkaServer Kafka { get; }

    public string Topic { get; }

    public string Slot => $"shop_relay_{new NpgsqlConnectionStringBuilder(ConnectionString).Database}";

    /// <param name="kafka">A broker of the test's own, where it takes it away.</param>
    public static async Task<RelayFixture> CreateAsync(KafkaServer? kafka = null)
    {
        var postgres = await PostgresServer.GetAsync();
        kafka ??= await KafkaServer.GetAsync();
        var fixture = new RelayFixture(
            await postgres.CreateDatabaseAsync(), kafka, await kafka.CreateTopicAsync());
        await fixture.ExecuteAsync(
            """
            create table outbox (
                id bigint generated always as identity, order_id uuid not null, version bigint not null,
                type text not null, payload json not null, occurred_at timestamptz not null default now(),
                traceparent text, tracestate text, primary key (order_id, version))
            """);
        return fixture;
    }

    /// <summary>Starts a relay; returns when one, not necessarily this one, has the slot.</summary>
    public async Task<IHost> StartRelayAsync(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:orders"] = ConnectionString,
            ["ConnectionStrings:kafka"] = Kafka.BootstrapServers,
            ["Relay:Topic"] = Topic,
            ["Relay:RetryDelay"] = "00:00:00.100",
            ["Relay:LagInterval"] = "00:00:00.100",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddRelay();
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>(
                $"select exists (select from pg_replication_slots where slot_name = '{Slot}' and active)"),
            "a relay has the slot");
        return host;
    }

    public async Task StopAsync(IHost host)
    {
        _hosts.Remove(host);
        await host.StopAsync();
        host.Dispose();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task KillWalSenderAsync() => ExecuteAsync(
        $"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{Slot}' and active");

    /// <summary>Puts one event into the outbox, in a transaction of its own.</summary>
    public Task InsertAsync(Guid order, long version, string payload = """{"data":{},"order":{}}""") => ExecuteAsync(
        $"insert into outbox (order_id, version, type, payload) "
        + $"values ('{order}', {version}, 'shop.order.placed.v1', '{payload}')");

    public IConsumer<string, byte[]> Read()
    {
        var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = "none",
            EnableAutoCommit = false,
            FetchWaitMaxMs = 5,
            EnablePartitionEof = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Topics.OrdersPartitions)
            .Select(partition => new TopicPartitionOffset(Topic, partition, Offset.Beginning)));
        return consumer;
    }

    /// <summary>Everything in the topic until <paramref name="enough"/> says that it is there.</summary>
    public async Task<IReadOnlyList<PublishedEvent>> EventsAsync(
        Func<IReadOnlyList<PublishedEvent>, bool> enough, string what = "the events are published")
    {
        using var consumer = Read();
        List<PublishedEvent> events = [];
        await Eventually.GetAsync(
            () =>
            {
                while (consumer.Consume(0) is { } result)
                    events.Add(PublishedEvent.From(result));
                return Task.FromResult(events.Count);
            },
            _ => enough(events),
            what);
        return events;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts.ToArray())
            await StopAsync(host);
        await _database.DisposeAsync();
        await DropSlotAsync();
    }

    public async Task DropSlotAsync()
    {
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = '{Slot}'",
            connection);
        await command.ExecuteNonQueryAsync();
    }
}

internal sealed record PublishedEvent(
    Guid OrderId, long Version, int Partition, string Value, IReadOnlyDictionary<string, string> Headers)
{
    public static PublishedEvent From(ConsumeResult<string, byte[]> result)
    {
        var headers = result.Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()));
        return new(Guid.Parse(result.Message.Key), long.Parse(headers[EventHeaders.AggregateVersion], null),
            result.Partition.Value, Encoding.UTF8.GetString(result.Message.Value), headers);
    }
}
