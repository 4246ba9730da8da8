using System.Globalization;
using Shop.AppHost.Hosting;
using Shop.LocalServers;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Processes;

/// <summary>
/// Runs the servers as processes on this machine: PostgreSQL and Redis, installed or downloaded, and Kafka in memory.
/// <c>KAFKA_HOME</c> and <c>ES_HOME</c> select unpacked servers.
/// </summary>
internal sealed class ProcessServers(
    IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, string reason) : IServers
{
    private readonly Machine _machine = new(setting => builder.Configuration[setting], Console.WriteLine);
    private readonly List<string> _found = [];
    private PostgresBinaries? _postgres;
    private ServerUser? _user;

    public string Description => string.Join(", ", [$"processes ({reason})", .. _found.Distinct()]);

    public IEnumerable<string> Preparations =>
        builder.Resources.OfType<LocalServerResource>().Select(server => server.Preparation).OfType<string>();

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(data.Path);
        _postgres = await PostgresBinaries.FindAsync(_machine, cancellationToken);
        _user = await ServerUser.ForAsync(
            data.Path, _postgres.Directory, _machine.Folder(KafkaNode.Setting), _machine.Folder(ElasticsearchNode.Setting));
    }

    public ShopDatabase AddDatabase(string name, RolePasswords passwords)
    {
        DeleteDataIfReset(name);
        _found.Add($"PostgreSQL {_postgres!.Version} in {_postgres.Directory}");
        var server = new PostgresNode(
            name, data[name], _postgres, _user!,
            "max_slot_wal_keep_size=2GB", "wal_sender_timeout=10s", "shared_buffers=128MB", "max_connections=200",
            // Details of an error have values of the row.
            "log_error_verbosity=terse")
        {
            Password = data.Secret("postgres.password"),
        };
        server.CheckVersion();
        var port = server.Port.ToString(CultureInfo.InvariantCulture);
        return new(builder.AddLocalServer(server, data.Path), role => ReferenceExpression.Create(
            $"Host=127.0.0.1;Port={port};Username={RolePasswords.UserName(role)};Password={passwords.For(role)};Database={name}"));
    }

    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name)
    {
        DeleteDataIfReset(name);
        if (_machine.Folder(KafkaNode.Setting) is not { } home)
        {
            _found.Add("Kafka in memory");
            return builder.AddMockKafka(name);
        }

        _found.Add($"Kafka in {home}");
        return builder.AddLocalServer(new KafkaNode(name, data[name], home, _machine, _user!), data.Path);
    }

    public ShopElasticsearch? AddElasticsearch(string name)
    {
        DeleteDataIfReset(name);
        if (_machine.Folder(ElasticsearchNode.Setting) is not { } home)
        {
            return null;
        }

        _found.Add($"Elasticsearch in {home}");
        var server = new ElasticsearchNode(name, data[name], home, _machine, _user!)
        {
            // Made when it is needed: a manifest needs none.
            Security = builder.ExecutionContext.IsRunMode
                ? ElasticsearchSecurity.OnLoopback(data.Secret("elasticsearch.password"))
                : null,
        };
        return new(
            builder.AddLocalServer(server, data.Path),
            _ => ValueTask.FromResult<string?>(server.AdministratorConnectionString));
    }

    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name)
    {
        var server = new RedisNode(name, data[name], _machine)
        {
            // Made when it is needed: a manifest needs none.
            Password = builder.ExecutionContext.IsRunMode ? data.Secret("redis.password") : null,
        };
        _found.Add(server.Description);
        return builder.AddLocalServer(server, data.Path);
    }

    // This includes servers that are not part of this start: later their data would not match the orders.
    private void DeleteDataIfReset(string name)
    {
        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            data.Delete(name);
        }
    }
}
