using System.Buffers.Text;
using Confluent.Kafka;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// An Apache Kafka node (KRaft: broker and controller). Runs the same Java classes as Kafka's scripts.
/// </summary>
public sealed class KafkaNode : LocalServer
{
    /// <summary>The setting that names the folder of an unpacked Apache Kafka.</summary>
    public const string Setting = "KAFKA_HOME";

    private readonly string[] _java;
    private readonly ServerUser _user;
    private readonly int _controllerPort = FreePort.Next();

    /// <exception cref="LocalServerException">There is no Kafka in that folder.</exception>
    public KafkaNode(string name, string directory, string home, Machine machine, ServerUser user)
        : base(name, directory)
    {
        var libraries = Path.Combine(home, "libs");
        if (!System.IO.Directory.Exists(libraries)
            || System.IO.Directory.GetFiles(libraries, "kafka-server-*.jar").Length == 0)
        {
            throw new LocalServerException(
                $"{Setting}: there is no Apache Kafka 4 in {home}: {libraries} contains no kafka-server-*.jar.");
        }

        _user = user;
        // By default Kafka uses a quarter of the machine's memory.
        _java =
        [
            Path.Combine(machine.JavaHome(home), "bin", "java"), "-Xms256m", "-Xmx512m",
            "-cp", Path.Combine(libraries, "*"), $"-Dlog4j2.configurationFile={Logging}",
        ];
    }

    /// <summary>Users, TLS and rights. Without them, everybody on this machine may do everything.</summary>
    public KafkaSecurity? Security { get; init; }

    public override string ConnectionString => Address;

    public override ServerCommand Command => new(_user.Command([.. _java, "kafka.Kafka", Properties]));

    private string Listener => Security is null ? "PLAINTEXT" : KafkaSecurity.Listener;

    private string Properties => Path.Combine(Directory, "server.properties");

    private string Logging => Path.Combine(Directory, "log4j2.properties");

    private string Logs => Path.Combine(Directory, "data");

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
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
            listeners={Listener}://127.0.0.1:{Port},CONTROLLER://127.0.0.1:{_controllerPort}
            advertised.listeners={Listener}://127.0.0.1:{Port}
            inter.broker.listener.name={Listener}
            controller.listener.names=CONTROLLER
            listener.security.protocol.map={Listener}:{Listener},CONTROLLER:PLAINTEXT
            log.dirs={Logs.Replace('\\', '/')}
            default.replication.factor=1
            offsets.topic.num.partitions=5
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            group.initial.rebalance.delay.ms=0
            auto.create.topics.enable=false
            {Security?.Settings}
            """, cancellationToken);
        await _user.OwnAsync(Directory);
        // Formatting writes this file last.
        if (!File.Exists(Path.Combine(Logs, "meta.properties")))
            await FormatAsync(cancellationToken);
    }

    public override Task ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(Address, Security?.Client);

    /// <summary>Lists the topics of any broker.</summary>
    /// <param name="client">Settings of the client.</param>
    /// <exception cref="KafkaException">The broker did not respond.</exception>
    public static Task ConnectAsync(
        string bootstrapServers, IReadOnlyDictionary<string, string>? client = null) => Task.Run(() =>
    {
        var settings = client?.ToDictionary() ?? [];
        using var admin = new AdminClientBuilder(new AdminClientConfig(settings) { BootstrapServers = bootstrapServers })
            .SetLogHandler((_, _) => { }) // Otherwise each attempt fails with a log entry while the broker starts.
            .Build();
        admin.GetMetadata(TimeSpan.FromSeconds(2));
    });

    private async Task FormatAsync(CancellationToken cancellationToken)
    {
        // Kafka's own id format. A version 7 id never starts with a dash, which Kafka would read as an option.
        var cluster = Base64Url.EncodeToString(Guid.CreateVersion7().ToByteArray(bigEndian: true));
        string[] format = ["kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", Properties];
        await RunAsync(
            new($"{format[0]} of Kafka", Setting), new(_user.Command([.. _java, .. format])), "", cancellationToken);
    }
}

/// <param name="Settings">Lines of server.properties for the listener <see cref="Listener"/>.</param>
/// <param name="Client">Settings with which a client connects as the administrator.</param>
public sealed record KafkaSecurity(string Settings, IReadOnlyDictionary<string, string> Client)
{
    public const string Listener = "SASL_SSL";
}
