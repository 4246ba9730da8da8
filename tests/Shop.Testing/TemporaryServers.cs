using System.Diagnostics;
using System.Text;
using Npgsql;
using Shop.LocalServers;
using Shop.LocalServers.Machines;

namespace Shop.Testing;

/// <summary>A throw-away server in a temporary folder, which a test can kill, stop and start again.</summary>
public abstract class TemporaryServer<TServer> : IAsyncDisposable
    where TServer : LocalServer
{
    private readonly string _folder;
    private readonly ServerProcess _process;

    private protected TemporaryServer(TServer server)
    {
        Server = server;
        _folder = Path.GetDirectoryName(server.Directory)!;
        _process = new(server);
    }

    public string ConnectionString => Server.ConnectionString;

    protected TServer Server { get; }

    public Task StartAsync() => _process.StartAsync();

    public Task StopAsync() => _process.StopAsync();

    public virtual Task KillAsync() => _process.KillAsync();

    /// <summary>Stops the process without ending it: connections stay open, and nothing responds.</summary>
    public Task SuspendAsync() => SignalAsync("STOP");

    public Task ResumeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Signals the processes that have the server's folder or port in their command line.</summary>
    private protected async Task SignalAsync(string signal)
    {
        foreach (var process in Process.GetProcesses())
        {
            var file = $"/proc/{process.Id}/cmdline";
            var line = File.Exists(file) ? await File.ReadAllTextAsync(file) : "";
            if ((line.Contains(Server.Directory, StringComparison.Ordinal)
                    || line.Contains($"\0{Server.Port}\0", StringComparison.Ordinal))
                && !line.StartsWith("bash", StringComparison.Ordinal))
                await Process.Start("kill", [$"-{signal}", $"{process.Id}"]).WaitForExitAsync();
        }
    }

    /// <summary>Disposes the server when the test process exits.</summary>
    internal void EndWithRun() =>
        AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeAsync().AsTask().GetAwaiter().GetResult();
}

/// <summary>What the tests find their servers by: the environment of the test run.</summary>
internal static class TestMachine
{
    public static Machine Machine { get; } = Machine.OfEnvironment(Console.WriteLine);

    public static Task<ServerUser> UserAsync(string folder) => ServerUser.ForAsync(folder);

    /// <summary>Makes a folder that the server's user owns.</summary>
    public static async Task<string> MakeFolderAsync(ServerUser user)
    {
        var folder = Directory.CreateTempSubdirectory("shop-").FullName;
        await user.OwnAsync(folder);
        return folder;
    }
}

public sealed class LocalPostgres : TemporaryServer<PostgresNode>
{
    // Nothing outlives the run, so durability is switched off; a killed server still recovers from its WAL.
    private static readonly string[] Settings =
        ["fsync=off", "max_connections=300", "max_wal_senders=50", "max_replication_slots=50", "wal_sender_timeout=5s"];

    private LocalPostgres(PostgresNode server)
        : base(server)
    {
    }

    /// <param name="settings">Server settings in the form <c>name=value</c>, in addition to those of every test.</param>
    public static async Task<LocalPostgres> CreateAsync(params string[] settings)
    {
        var binaries = await PostgresBinaries.FindAsync(TestMachine.Machine);
        var user = await TestMachine.UserAsync(binaries.Directory);
        var folder = await TestMachine.MakeFolderAsync(user);
        var server = new LocalPostgres(new("postgres", Path.Combine(folder, "postgres"), binaries, user, [.. Settings, .. settings]));
        await server.StartAsync();
        return server;
    }

    /// <returns>The connection string of a new database.</returns>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(ConnectionString) { Database = name }.ConnectionString;
    }
}

public sealed class LocalKafka : TemporaryServer<KafkaNode>
{
    private LocalKafka(KafkaNode server)
        : base(server)
    {
    }

    /// <summary>What <c>KAFKA_HOME</c> names.</summary>
    public static string? FindHome() => TestMachine.Machine.Folder(KafkaNode.Setting);

    /// <summary>Settings of a client that may do everything.</summary>
    public IReadOnlyDictionary<string, string> Client => Server.Security?.Client ?? new Dictionary<string, string>();

    /// <param name="users">Switches security on.</param>
    public static async Task<LocalKafka> CreateAsync(string home, KafkaUsers? users = null)
    {
        var user = await TestMachine.UserAsync(home);
        var folder = await TestMachine.MakeFolderAsync(user);
        var server = new LocalKafka(new("kafka", Path.Combine(folder, "kafka"), home, TestMachine.Machine, user)
        {
            Security = users?.Security,
        });
        await server.StartAsync();
        return server;
    }

    public override async Task KillAsync()
    {
        await SignalAsync("KILL");
        await StopAsync();
    }
}

public sealed class LocalElasticsearch : TemporaryServer<ElasticsearchNode>
{
    public const string UserName = ElasticsearchNode.Administrator;

    private LocalElasticsearch(ElasticsearchNode server)
        : base(server)
    {
    }

    public Uri Address => new(ConnectionString);

    /// <summary>The file of the authority that signed the server's certificate.</summary>
    public string CertificateAuthority => Path.Combine(Server.Configuration, TestCertificates.Authority);

    /// <summary>SHA-256 of the authority's certificate in hex.</summary>
    public string CertificateFingerprint => TestCertificates.Fingerprint(CertificateAuthority);

    /// <summary>What <c>ES_HOME</c> names.</summary>
    public static string? FindHome() => TestMachine.Machine.Folder(ElasticsearchNode.Setting);

    /// <param name="password">Switches security and TLS on, with the user <see cref="UserName"/>.</param>
    public static async Task<LocalElasticsearch> CreateAsync(string home, string? password = null)
    {
        var user = await TestMachine.UserAsync(home);
        var directory = Path.Combine(await TestMachine.MakeFolderAsync(user), "elasticsearch");
        var server = new LocalElasticsearch(new("elasticsearch", directory, home, TestMachine.Machine, user)
        {
            Security = password is null ? null : TestCertificates.CreateSecurity(password),
            // The second compiler costs more time than it saves in a short life.
            JavaOptions = "-Xms512m -Xmx512m -XX:TieredStopAtLevel=1",
        });
        await server.StartAsync();
        return server;
    }

    public HttpClient CreateClient() => Server.CreateClient();

    /// <summary>Sends a request as the administrator.</summary>
    /// <returns>The body of the response.</returns>
    public async Task<string> SendAsync(HttpMethod method, string path, string body)
    {
        using var client = Server.CreateClient();
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}

public sealed class LocalRedis : TemporaryServer<RedisNode>
{
    private LocalRedis(RedisNode server)
        : base(server)
    {
    }

    public string Address => Server.Address;

    /// <summary>Starts a Redis whose data outlive a stop.</summary>
    public static async Task<LocalRedis> CreateAsync(string? password = null)
    {
        var folder = Directory.CreateTempSubdirectory("shop-").FullName;
        var server = new LocalRedis(
            new("redis", Path.Combine(folder, "redis"), TestMachine.Machine, isDurable: true) { Password = password });
        await server.StartAsync();
        return server;
    }
}
