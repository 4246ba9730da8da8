using System.Text;
using Confluent.Kafka;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Contracts;
using Shop.ServiceDefaults.Background;
using Shop.Testing;
using Shop.WriteApi.Database;
using Shop.WriteApi.Outbox;

namespace Shop.WriteApi.Tests.Outbox;

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
    public static async Task<RelayFixture> CreateAsync(
        KafkaServer? kafka = null, IReadOnlyDictionary<string, string>? topicSettings = null,
        string? connectionString = null)
    {
        connectionString ??= await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        kafka ??= await KafkaServer.GetAsync();
        var fixture = new RelayFixture(
            connectionString, kafka, await kafka.CreateTopicAsync(settings: topicSettings));
        await fixture.MigrateAsync();
        return fixture;
    }

    private async Task MigrateAsync()
    {
        var options = new DbContextOptionsBuilder<ShopDbContext>()
            .UseNpgsql(_database).UseSnakeCaseNamingConvention().Options;
        await using var context = new ShopDbContext(options);
        await context.Database.MigrateAsync();
    }

    /// <summary>Starts a relay. Returns when one, not necessarily this one, has the slot.</summary>
    public async Task<IHost> StartRelayAsync(params (string Key, string Value)[] settings)
    {
        var host = await StartRelayWithoutWaitingAsync(settings);
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>(
                $"select exists (select from pg_replication_slots where slot_name = '{Slot}' and active)"),
            "a relay has the slot");
        return host;
    }

    public async Task<IHost> StartRelayWithoutWaitingAsync(params (string Key, string Value)[] settings)
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
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<LoopServices>();
        builder.AddOutbox();
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync();
        return host;
    }

    /// <summary>Begins a transaction that stays open until the caller commits it.</summary>
    public async Task<OpenTransaction> BeginAsync()
    {
        var connection = await _database.OpenConnectionAsync();
        return new(connection, await connection.BeginTransactionAsync());
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
        $"insert into outbox (order_id, version, type, payload, occurred_at) "
        + $"values ('{order}', {version}, 'shop.order.placed.v1', '{payload}', now())");

    public IConsumer<string, byte[]> Read()
    {
        var consumer = new ConsumerBuilder<string, byte[]>(new ConsumerConfig
        {
            BootstrapServers = Kafka.BootstrapServers,
            GroupId = "none",
            EnableAutoCommit = false,
            FetchWaitMaxMs = Kafka.FetchWaitMs,
            EnablePartitionEof = false,
        }).Build();
        consumer.Assign(Enumerable.Range(0, Topics.OrdersPartitions)
            .Select(partition => new TopicPartitionOffset(Topic, partition, Offset.Beginning)));
        return consumer;
    }

    /// <summary>The events in the topic, in each partition's order, once <paramref name="enough"/> accepts them.</summary>
    public Task<IReadOnlyList<PublishedRecord>> EventsAsync(
        Func<IReadOnlyList<PublishedRecord>, bool> enough, string what = "the events are published") =>
        RecordsAsync(record => !record.IsHeartbeat, enough, what);

    public Task<IReadOnlyList<PublishedRecord>> HeartbeatsAsync(
        Func<IReadOnlyList<PublishedRecord>, bool> enough, string what) =>
        RecordsAsync(record => record.IsHeartbeat, enough, what);

    public async Task<IReadOnlyList<PublishedRecord>> RecordsAsync(
        Predicate<PublishedRecord> filter, Func<IReadOnlyList<PublishedRecord>, bool> enough, string what)
    {
        using var consumer = Read();
        List<PublishedRecord> records = [];
        await Eventually.GetAsync(
            () =>
            {
                while (consumer.Consume(0) is { } result)
                {
                    var record = new PublishedRecord(result);
                    if (filter(record))
                        records.Add(record);
                }

                return Task.FromResult(records.Count);
            },
            _ => enough(records),
            what);
        return records;
    }

    /// <summary>A query for whether the slot has confirmed a position.</summary>
    public string IsConfirmed(string position) =>
        $"select confirmed_flush_lsn >= '{position}' from pg_replication_slots where slot_name = '{Slot}'";

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

internal sealed class PublishedRecord(ConsumeResult<string, byte[]> result)
{
    public int Partition => result.Partition.Value;

    public long Offset => result.Offset.Value;

    public string Key => result.Message.Key;

    public string Value { get; } = Encoding.UTF8.GetString(result.Message.Value);

    public IReadOnlyDictionary<string, string> Headers { get; } =
        result.Message.Headers.ToDictionary(h => h.Key, h => Encoding.UTF8.GetString(h.GetValueBytes()));

    public bool IsHeartbeat => Headers[EventHeaders.Type] == Heartbeat.Type;

    public Guid OrderId => Guid.Parse(Key);

    public long Version => long.Parse(Headers[EventHeaders.AggregateVersion], null);

    public DateTimeOffset CommittedAt =>
        DateTimeOffset.Parse(Headers[IsHeartbeat ? EventHeaders.Time : EventHeaders.CommitTime], null);
}

internal sealed class OpenTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync();
    }

    public Task CommitAsync() => transaction.CommitAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
