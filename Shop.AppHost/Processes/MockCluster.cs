using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Shop.AppHost.Processes;

/// <summary>
/// rdkafka_mock.h of the librdkafka that Confluent.Kafka ships. It keeps at most 5 MB or 100,000 messages a partition.
/// </summary>
internal sealed partial class MockCluster
{
    private const string Library = "librdkafka";
    private const int Producer = 0;

    // The usual build needs libsasl2, which not every machine has.
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    private readonly nint _cluster;

    static MockCluster() => NativeLibrary.SetDllImportResolver(typeof(MockCluster).Assembly, Resolve);

    public MockCluster()
    {
        var error = new byte[512];
        var configuration = rd_kafka_conf_new();
        // This client only carries the cluster: that it knows no servers is not worth a notice.
        rd_kafka_conf_set(configuration, "log_level", "4", error, (nuint)error.Length);
        var client = rd_kafka_new(Producer, configuration, error, (nuint)error.Length);
        if (client == 0)
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(error).TrimEnd('\0'));
        }

        _cluster = rd_kafka_mock_cluster_new(client, 1);
        // A lone projector has no others to wait for: by default it would get its partitions three seconds late.
        rd_kafka_mock_group_initial_rebalance_delay_ms(_cluster, 0);
        Bootstraps = Marshal.PtrToStringUTF8(rd_kafka_mock_cluster_bootstraps(_cluster))
            ?? throw new InvalidOperationException("The mock cluster has no address.");
    }

    /// <summary>As <c>host:port</c>.</summary>
    public string Bootstraps { get; }

    public void CreateTopic(string topic, int partitions)
    {
        var error = rd_kafka_mock_topic_create(_cluster, topic, partitions, 1);
        if (error != 0)
        {
            throw new InvalidOperationException($"Topic {topic} was not created: error {error} of librdkafka.");
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var build in name == Library ? Builds : [])
        {
            if (NativeLibrary.TryLoad(build, assembly, searchPath, out var handle))
            {
                return handle;
            }
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
}
