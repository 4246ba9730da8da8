using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>One Apache Kafka (KRaft: broker and controller) on loopback, as a process of this machine.</summary>
internal sealed class LocalKafka(string name, string command, string directory, int port)
    : ExecutableResource(name, command, directory), IResourceWithConnectionString
{
    public string Bootstraps { get; } = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Bootstraps}");
}

internal static class LocalKafkaExtensions
{
    /// <summary>Names an unpacked Apache Kafka.</summary>
    public const string Setting = "KAFKA_HOME";

    public static IResourceBuilder<LocalKafka> AddLocalKafka(
        this IDistributedApplicationBuilder builder,
        string name,
        string home,
        DataDirectory data,
        UnprivilegedUser user)
    {
        var port = Loopback.FreePort();
        var node = new KafkaNode(home, JavaHome.Find(home, builder.Configuration), data[name], user);
        var command = node.Command;
        var kafka = new LocalKafka(name, command[0], data.Path, port);
        var health = $"{name}-connects";
        builder.Services.AddHealthChecks().Add(new(health, _ => new KafkaHealthCheck(kafka.Bootstraps), null, null));
        return builder.AddResource(kafka)
            .WithArgs([.. command.Skip(1)])
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: "tcp", isProxied: false)
            .WithHealthCheck(health)
            .OnBeforeResourceStarted((_, _, cancellationToken) => node.PrepareAsync(port, cancellationToken));
    }
}
