using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Shop.LocalServers;
using Testcontainers.Kafka;

namespace Shop.Testing;

/// <summary>
/// The Kafka broker that all tests of a run share: the one that <c>ConnectionStrings__kafka</c> names, otherwise one
/// started from <c>KAFKA_HOME</c>, in a container, or as librdkafka's mock cluster in memory, in this order.
/// </summary>
public sealed class KafkaServer
{
    private static readonly Lazy<Task<KafkaServer>> Shared = new(FindAsync);

    private readonly MockKafka? _mock;
    private readonly IReadOnlyDictionary<string, string> _client;

    private KafkaServer(string bootstrapServers, IReadOnlyDictionary<string, string>? client = null) =>
        (BootstrapServers, _client) = (bootstrapServers, client ?? new Dictionary<string, string>());

    private KafkaServer(MockKafka mock)
        : this(mock.Address) => _mock = mock;

    public string BootstrapServers { get; }

    /// <summary>A real broker keeps its log on disk and has an admin protocol; the mock has neither.</summary>
    public bool IsReal => _mock is null;

    /// <summary>
    /// FetchWaitMaxMs of a test's consumers. The mock answers a fetch only after this wait, a real broker as soon as
    /// there is a record, and short waits keep it busy.
    /// </summary>
    public int FetchWaitMs => IsReal ? 100 : 5;

    public static Task<KafkaServer> GetAsync() => Shared.Value;

    /// <summary>Returns the broker if it is a real one, and skips the test if not.</summary>
    public static async Task<KafkaServer> GetRealAsync()
    {
        var server = await GetAsync();
        Skip.IfNot(
            server.IsReal, "No real Kafka: set KAFKA_HOME to the folder of an unpacked Apache Kafka 4, or start Docker.");
        return server;
    }

    /// <summary>Starts a mock cluster of the caller's own, even if there is a real broker.</summary>
    public static KafkaServer StartMock() => new(new MockKafka());

    /// <summary>A broker of the caller's own, which it can kill or suspend.</summary>
    public static KafkaServer Of(LocalKafka kafka) => new(kafka.ConnectionString, kafka.Client);

    /// <summary>Makes a mock cluster of the caller's own unreachable, or reachable again.</summary>
    public void SetAway(bool isAway) =>
        (_mock ?? throw new InvalidOperationException("Only a mock cluster of the caller's own can be taken away.")).SetAway(isAway);

    /// <summary>Connects as somebody who may do everything.</summary>
    public IAdminClient CreateAdmin() => new AdminClientBuilder(
        new AdminClientConfig(Client()) { BootstrapServers = BootstrapServers }).Build();

    /// <summary>The settings of such a client, without the address.</summary>
    public Dictionary<string, string> Client() => _client.ToDictionary();

    /// <summary>Lets a user do this with a topic, a group or all groups of a prefix.</summary>
    public async Task AllowAsync(
        string user, ResourceType type, string name, ResourcePatternType pattern, params AclOperation[] operations)
    {
        using var admin = CreateAdmin();
        await admin.CreateAclsAsync(operations.Select(operation => new AclBinding
        {
            Pattern = new() { Type = type, Name = name, ResourcePatternType = pattern },
            Entry = new()
            {
                Principal = $"User:{user}",
                Host = "*",
                Operation = operation,
                PermissionType = AclPermissionType.Allow,
            },
        }));
    }

    /// <returns>The values of a topic's settings.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ReadSettingsAsync(string topic)
    {
        using var admin = CreateAdmin();
        var found = await admin.DescribeConfigsAsync([new() { Type = ResourceType.Topic, Name = topic }]);
        return found.Single().Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }

    /// <summary>Creates a topic.</summary>
    /// <param name="name">Null for a new name.</param>
    /// <returns>Its name.</returns>
    public async Task<string> CreateTopicAsync(
        int partitions = 12, IReadOnlyDictionary<string, string>? settings = null, string? name = null)
    {
        name ??= $"test.{Guid.CreateVersion7():N}";
        if (_mock is not null)
        {
            _mock.CreateTopic(name, partitions);
            return name;
        }

        using var admin = CreateAdmin();
        await admin.CreateTopicsAsync(
        [
            new TopicSpecification
            {
                Name = name,
                NumPartitions = partitions,
                ReplicationFactor = -1,
                Configs = settings?.ToDictionary(),
            },
        ]);
        return name;
    }

    private static async Task<KafkaServer> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__kafka") is { Length: > 0 } given)
            return new KafkaServer(given);
        if (LocalKafka.FindHome() is { } home)
        {
            var server = await LocalKafka.CreateAsync(home);
            server.EndWithRun();
            return new KafkaServer(server.ConnectionString);
        }

        if (await Docker.IsRunningAsync())
        {
            var container = new KafkaBuilder("confluentinc/cp-kafka:8.1.1").Build();
            await container.StartAsync();
            return new KafkaServer(container.GetBootstrapAddress());
        }

        return StartMock();
    }
}
