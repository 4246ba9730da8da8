using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Shop.Testing;

/// <summary>
/// The mock cluster inside librdkafka: the real wire protocol on a loopback port, in memory
/// (https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h).
/// </summary>
internal sealed partial class MockKafka
{
    private readonly nint _cluster;

    static MockKafka()
    {
        NativeLibrary.SetDllImportResolver(typeof(MockKafka).Assembly, (name, assembly, path) =>
            name != "librdkafka"
                ? 0
                : (new[] { "librdkafka", "centos8-librdkafka", "alpine-librdkafka" })
                    .Select(candidate => NativeLibrary.TryLoad(candidate, assembly, path, out var handle) ? handle : 0)
                    .FirstOrDefault(handle => handle != 0));
    }

    public MockKafka()
    {
        var client = rd_kafka_new(0, rd_kafka_conf_new(), 0, 0);
        _cluster = rd_kafka_mock_cluster_new(client, 1);
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
        BootstrapServers = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))!;
    }

    public string BootstrapServers { get; }

    public void CreateTopic(string name, int partitions)
    {
        if (rd_kafka_mock_topic_create(_cluster, name, partitions, 1) is var code and not 0)
            throw new KafkaException((ErrorCode)code);
    }

    /// <summary>Cuts every connection and takes no new ones, or takes them again; what is stored stays.</summary>
    public void SetAway(bool isAway) =>
        _ = isAway ? rd_kafka_mock_broker_set_down(_cluster, 1) : rd_kafka_mock_broker_set_up(_cluster, 1);

    [LibraryImport("librdkafka")]
    private static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport("librdkafka")]
    private static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);

    [LibraryImport("librdkafka")]
    private static partial nint rd_kafka_conf_new();

    [LibraryImport("librdkafka")]
    private static partial nint rd_kafka_new(int type, nint configuration, nint error, nint errorSize);

    [LibraryImport("librdkafka")]
    private static partial nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [LibraryImport("librdkafka")]
    private static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport("librdkafka")]
    private static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delay);

    [LibraryImport("librdkafka", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);
}
