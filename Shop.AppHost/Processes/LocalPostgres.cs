using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>One PostgreSQL instance with one database of the same name, as a process of this machine.</summary>
internal sealed class LocalPostgres(string name, string command, string directory, string password, int port)
    : ExecutableResource(name, command, directory), IResourceWithConnectionString
{
    public string ConnectionString { get; } = string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username={PostgresCluster.Superuser};Password={password};Database={name}");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{ConnectionString}");
}

internal static class LocalPostgresExtensions
{
    public static IResourceBuilder<LocalPostgres> AddLocalPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        DataDirectory data,
        PostgresBinaries binaries,
        UnprivilegedUser user)
    {
        var password = data.Secret("postgres.password");
        var port = Loopback.FreePort();
        var command = user.Command([binaries.Postgres, .. Arguments(data[name], port)]);
        var postgres = new LocalPostgres(name, command[0], data.Path, password, port);
        var cluster = new PostgresCluster(data[name], name, binaries, user);
        cluster.MustBeOfThisVersion();
        var health = $"{name}-connects";
        // On SIGTERM PostgreSQL waits for its clients: a connection in the host's pool would have it killed instead.
        builder.Services.AddHealthChecks().AddNpgSql($"{postgres.ConnectionString};Pooling=false", name: health);
        return builder.AddResource(postgres)
            .WithArgs([.. command.Skip(1)])
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: "tcp", isProxied: false)
            .WithHealthCheck(health)
            .OnBeforeResourceStarted((resource, started, cancellationToken) => cluster.PrepareAsync(
                password,
                started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(resource),
                cancellationToken));
    }

    private static string[] Arguments(string directory, int port) =>
    [
        "-D", directory,
        .. Settings(
            $"port={port.ToString(CultureInfo.InvariantCulture)}",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "wal_level=logical",
            "max_slot_wal_keep_size=2GB",
            "wal_sender_timeout=10s",
            "shared_buffers=128MB",
            "max_connections=200"),
    ];

    private static IEnumerable<string> Settings(params string[] settings) =>
        settings.SelectMany(setting => new[] { "-c", setting });
}
