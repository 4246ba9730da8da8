using System.Buffers.Text;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>
/// The folder of one node: its configuration stands beside its data, so that the distribution itself may be read-only
/// and another user's. Kafka is run by its Java classes, which the scripts of a distribution do as well.
/// </summary>
internal sealed class KafkaNode
{
    private readonly string _directory;
    private readonly string[] _java;
    private readonly UnprivilegedUser _user;
    private readonly int _controllerPort = Loopback.FreePort();

    /// <exception cref="HostException">There is no Kafka in that folder.</exception>
    public KafkaNode(string home, string javaHome, string directory, UnprivilegedUser user)
    {
        var libraries = Path.Combine(home, "libs");
        if (!Directory.Exists(libraries) || Directory.GetFiles(libraries, "kafka-server-*.jar").Length == 0)
        {
            throw new HostException(
                $"{LocalKafkaExtensions.Setting}: there is no Apache Kafka 4 in {home}, "
                + "whose libs would hold kafka-server-….jar.");
        }

        _directory = directory;
        _user = user;
        // Without a limit it takes a quarter of the machine's memory.
        _java =
        [
            JavaHome.Java(javaHome), "-Xms256m", "-Xmx512m", "-cp", Path.Combine(libraries, "*"),
            $"-Dlog4j2.configurationFile={Logging}",
        ];
    }

    public string[] Command => _user.Command([.. _java, "kafka.Kafka", Properties]);

    private string Properties => Path.Combine(_directory, "server.properties");

    private string Logging => Path.Combine(_directory, "log4j2.properties");

    private string Logs => Path.Combine(_directory, "data");

    public async Task PrepareAsync(int port, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(Logging, """
            rootLogger.level = warn
            rootLogger.appenderRefs = console
            rootLogger.appenderRef.console.ref = Console
            appender.console.type = Console
            appender.console.name = Console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %p %c{1}: %m%n
            """, cancellationToken);
        await File.WriteAllTextAsync(Properties, $"""
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@127.0.0.1:{_controllerPort}
            listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{_controllerPort}
            advertised.listeners=PLAINTEXT://127.0.0.1:{port}
            controller.listener.names=CONTROLLER
            log.dirs={Logs.Replace('\\', '/')}
            default.replication.factor=1
            offsets.topic.num.partitions=5
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0
            auto.create.topics.enable=false
            """, cancellationToken);
        await _user.OwnAsync(_directory, cancellationToken);
        // Written last when the storage is formatted.
        if (!File.Exists(Path.Combine(Logs, "meta.properties")))
        {
            await FormatAsync(cancellationToken);
        }
    }

    private async Task FormatAsync(CancellationToken cancellationToken)
    {
        // Kafka's own form of an id; one of version 7 never begins with a dash, which it would take for an option.
        var cluster = Base64Url.EncodeToString(Guid.CreateVersion7().ToByteArray(bigEndian: true));
        string[] format = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", Properties];
        var result = await LocalProcess.RunAsync(_user.Command([.. _java, .. format]), null, cancellationToken);
        if (!result.Succeeded)
        {
            throw new HostException($"Kafka's storage in {Logs} could not be formatted: {result.Output}");
        }
    }
}
