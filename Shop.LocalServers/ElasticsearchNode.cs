using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// A single-node Elasticsearch. Its configuration is copied from the distribution and kept beside its data, so that the
/// distribution can be read-only and can belong to another user.
/// </summary>
public sealed class ElasticsearchNode : LocalServer
{
    /// <summary>The setting that names the folder of an unpacked Elasticsearch.</summary>
    public const string Setting = "ES_HOME";

    /// <summary>The administrator, if security is on.</summary>
    public const string Administrator = "elastic";

    /// <summary>JVM options of the distribution that would write into its folder.</summary>
    private static readonly string[] LeftOut = ["Xlog:gc", "HeapDump", "ErrorFile"];

    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".bat" : "";

    private readonly string _home;
    private readonly string _javaHome;
    private readonly ServerUser _user;

    /// <exception cref="LocalServerException">There is no Elasticsearch in that folder.</exception>
    public ElasticsearchNode(string name, string directory, string home, Machine machine, ServerUser user)
        : base(name, directory)
    {
        (_home, _user) = (home, user);
        if (!File.Exists(Program("elasticsearch")))
            throw new LocalServerException(
                $"{Setting}: there is no Elasticsearch in {home}: {Program("elasticsearch")} is missing.");
        _javaHome = machine.JavaHome(home);
        JavaOptions = machine["ES_JAVA_OPTS"] ?? "-Xms512m -Xmx512m";
    }

    /// <summary>Enables security. Null for plain HTTP without users.</summary>
    public ElasticsearchSecurity? Security { get; init; }

    /// <summary>
    /// Options of its Java: those in <c>ES_JAVA_OPTS</c>, or a small heap. Elasticsearch itself would use half of the
    /// machine's memory.
    /// </summary>
    public string JavaOptions { get; init; }

    public override string ConnectionString =>
        $"{(Security is { IsEncrypted: true } ? "https" : "http")}://{Address}";

    /// <summary>The address with the administrator's user and password.</summary>
    public string AdministratorConnectionString => Security is null
        ? ConnectionString
        : ConnectionString.Replace(
            "://", $"://{Administrator}:{Uri.EscapeDataString(Security.Password)}@", StringComparison.Ordinal);

    public override ServerCommand Command => WithEnvironment([Program("elasticsearch"), "-p", PidFile]);

    /// <summary>The folder of its configuration.</summary>
    public string Configuration => Path.Combine(Directory, "conf");

    internal override string PidFile => Path.Combine(Directory, "pid");

    // A server without security makes a keystore too, so the keystore's file does not tell whether it has the password.
    private string KeystoreMark => Path.Combine(Configuration, "has-password");

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var folder in (string[])["conf/jvm.options.d", "data", "logs", "tmp"])
            System.IO.Directory.CreateDirectory(Path.Combine(Directory, folder));
        foreach (var file in System.IO.Directory.GetFiles(Path.Combine(_home, "config")))
            File.Copy(file, Path.Combine(Configuration, Path.GetFileName(file)), overwrite: true);
        var options = Path.Combine(Configuration, "jvm.options");
        var lines = await File.ReadAllLinesAsync(options, cancellationToken);
        await File.WriteAllLinesAsync(
            options,
            lines.Where(line => !LeftOut.Any(word => line.Contains(word, StringComparison.Ordinal))),
            cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(Configuration, "elasticsearch.yml"), Settings(), cancellationToken);
        foreach (var (file, content) in Security?.Files ?? [])
            await File.WriteAllTextAsync(Path.Combine(Configuration, file), content, cancellationToken);
        await _user.OwnAsync(Directory);
        if (Security is not null && !File.Exists(KeystoreMark))
            await MakeKeystoreAsync(Security.Password, cancellationToken);
    }

    public override async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        using var response = await client.GetAsync(
            new Uri("/_cluster/health?wait_for_status=yellow&timeout=1s", UriKind.Relative), cancellationToken);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Creates a client for the server, with the administrator's credentials if security is on.</summary>
    public HttpClient CreateClient()
    {
        var handler = new HttpClientHandler();
        if (Security is { } security)
            handler.ServerCertificateCustomValidationCallback = (_, certificate, _, _) => security.Issued(certificate);
        var client = new HttpClient(handler) { BaseAddress = new(ConnectionString) };
        if (Security is not null)
        {
            var credentials = Encoding.UTF8.GetBytes($"{Administrator}:{Security.Password}");
            client.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        return client;
    }

    private string Program(string name) => Path.Combine(_home, "bin", name + Suffix);

    private ServerCommand WithEnvironment(string[] line) => new(_user.Command(line), new Dictionary<string, string>
    {
        ["HOME"] = Directory,
        ["ES_HOME"] = _home,
        ["ES_PATH_CONF"] = Configuration,
        ["ES_TMPDIR"] = Path.Combine(Directory, "tmp"),
        ["ES_JAVA_HOME"] = _javaHome,
        ["ES_JAVA_OPTS"] = JavaOptions,
    });

    private string Settings() => $"""
        cluster.name: shop
        discovery.type: single-node
        network.host: 127.0.0.1
        http.port: {Port}
        transport.port: 0
        path.data: {Directory}/data
        path.logs: {Directory}/logs
        xpack.security.enabled: {(Security is null ? "false" : "true")}
        xpack.security.enrollment.enabled: false
        cluster.routing.allocation.disk.threshold_enabled: false
        {Security?.Settings}
        """;

    private async Task MakeKeystoreAsync(string password, CancellationToken cancellationToken)
    {
        var keystore = Program("elasticsearch-keystore");
        var program = new PreparingProgram(keystore, Setting);
        if (!File.Exists(Path.Combine(Configuration, "elasticsearch.keystore")))
            await RunAsync(program, WithEnvironment([keystore, "create"]), "", cancellationToken);
        await RunAsync(
            program, WithEnvironment([keystore, "add", "-x", "-f", "bootstrap.password"]), password, cancellationToken);
        await File.WriteAllTextAsync(KeystoreMark, "", cancellationToken);
    }
}

/// <param name="Password">The administrator's password.</param>
/// <param name="Settings">Lines of elasticsearch.yml that refer to the files.</param>
/// <param name="Files">Certificates and keys, by file name.</param>
/// <param name="Issued">Returns whether a certificate is the server's.</param>
public sealed record ElasticsearchSecurity(
    string Password,
    string Settings,
    Dictionary<string, string> Files,
    Func<X509Certificate2?, bool> Issued)
{
    public bool IsEncrypted => Files.Count > 0;

    /// <summary>Users without TLS, for a server that only this machine reaches.</summary>
    public static ElasticsearchSecurity OnLoopback(string password) => new(password, "", [], _ => false);
}
