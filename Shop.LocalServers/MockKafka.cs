using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Shop.LocalServers;

/// <summary>
/// librdkafka's mock cluster: Kafka's wire protocol on loopback, in this process and in memory
/// (https://github.com/confluentinc/librdkafka/blob/master/src/rdkafka_mock.h). It keeps at most 5 MB or 100,000
/// messages of a partition.
/// </summary>
public sealed partial class MockKafka
{
    private const string Library = "librdkafka";
    private const int Producer = 0;

    // The default build of the library needs libsasl2, which is missing on some machines.
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    private readonly nint _cluster;

    static MockKafka() => NativeLibrary.SetDllImportResolver(typeof(MockKafka).Assembly, Resolve);

    public MockKafka()
    {
        var error = new byte[512];
        var configuration = rd_kafka_conf_new();
        // This client only hosts the cluster. It logs that it has no servers, which is expected.
        rd_kafka_conf_set(configuration, "log_level", "4", error, (nuint)error.Length);
        var client = rd_kafka_new(Producer, configuration, error, (nuint)error.Length);
        if (client == 0)
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));

        _cluster = rd_kafka_mock_cluster_new(client, 1);
        // A single consumer need not wait for others. By default its partitions are assigned after three seconds.
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
        Address = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))
            ?? throw new InvalidOperationException("The mock cluster has no address.");
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    public void CreateTopic(string topic, int partitions)
    {
        if (rd_kafka_mock_topic_create(_cluster, topic, partitions, 1) is var code and not 0)
            throw new KafkaException((ErrorCode)code);
    }

    /// <summary>
    /// Closes every connection and refuses new ones, or accepts them again. Stored messages are kept.
    /// </summary>
    public void SetAway(bool isAway) =>
        _ = isAway ? rd_kafka_mock_broker_set_down(_cluster, 1) : rd_kafka_mock_broker_set_up(_cluster, 1);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var build in name == Library ? Builds : [])
        {
            if (NativeLibrary.TryLoad(build, assembly, searchPath, out var handle))
                return handle;
        }

        return 0;
    }

    [LibraryImport(Library)]
    private static partial nint rd_kafka_conf_new();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_conf_set(
        nint configuration, string name, string value, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_new(int type, nint configuration, [Out] byte[] error, nuint errorSize);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_new(nint client, int brokers);

    [LibraryImport(Library)]
    private static partial nint rd_kafka_mock_cluster_bootstraps(nint cluster);

    [LibraryImport(Library)]
    private static partial void rd_kafka_mock_group_initial_rebalance_delay_ms(nint cluster, int delay);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int rd_kafka_mock_topic_create(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_down(nint cluster, int broker);

    [LibraryImport(Library)]
    private static partial int rd_kafka_mock_broker_set_up(nint cluster, int broker);
}
