using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Shop.Testing;

/// <summary>Elasticsearch from an unpacked distribution: a throw-away node that can be killed and restarted.</summary>
public sealed class LocalElasticsearch : IAsyncDisposable
{
    private const string Tls = $"""
        xpack.security.http.ssl.enabled: true
        xpack.security.http.ssl.certificate: {TestCertificates.Certificate}
        xpack.security.http.ssl.key: {TestCertificates.Key}
        """;

    private readonly string _home;
    private readonly string _directory = Directory.CreateTempSubdirectory("shop-elasticsearch-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly string? _password;
    private readonly HttpClient _http;
    private ChildProcess? _process;

    private LocalElasticsearch(string home, string? password)
    {
        _home = home;
        _password = password;
        _http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = IsOurs })
        {
            Timeout = TimeSpan.FromSeconds(2),
        };
        if (password is null)
            return;

        var user = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{UserName}:{password}"));
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", user);
    }

    public const string UserName = "elastic";

    public Uri Address => new($"{(_password is null ? "http" : "https")}://127.0.0.1:{_port}");

    /// <summary>The authority that its certificate is to be trusted for, where security is on.</summary>
    public string CertificateAuthority => Path.Combine(Configuration, TestCertificates.Authority);

    /// <summary>SHA-256 of the authority's certificate in hex.</summary>
    public string CertificateFingerprint
    {
        get
        {
            using var authority = X509CertificateLoader.LoadCertificateFromFile(CertificateAuthority);
            return authority.GetCertHashString(HashAlgorithmName.SHA256);
        }
    }

    /// <summary>What <c>ES_HOME</c> names, where there is Java to run it.</summary>
    public static string? FindHome() =>
        Environment.GetEnvironmentVariable("ES_HOME") is { Length: > 0 } home && FindJava(home) is not null
            ? home
            : null;

    /// <param name="password">Switches security and TLS on, with the user <see cref="UserName"/>.</param>
    public static async Task<LocalElasticsearch> CreateAsync(string home, string? password = null)
    {
        var server = new LocalElasticsearch(home, password);
        await server.ConfigureAsync();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the server again on the same port with the same data.</summary>
    public async Task StartAsync()
    {
        var command = Command("elasticsearch", "-p", PidFile);
        _process = ChildProcess.Start(command, Path.Combine(_directory, "log"), signal: "TERM");
        await Eventually.HoldsAsync(AnswersAsync, $"Elasticsearch in {_directory} answers", TimeSpan.FromSeconds(120));
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    public async Task KillAsync()
    {
        using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(PidFile), null));
        process.Kill();
        await StopAsync();
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private string Configuration => Path.Combine(_directory, "conf");

    private string PidFile => Path.Combine(_directory, "pid");

    private static string? FindJava(string home) =>
        new[] { Path.Combine(home, "jdk"), Environment.GetEnvironmentVariable("JAVA_HOME") }
            .Concat(Environment.GetEnvironmentVariable("PATH")?.Split(':').Select(Path.GetDirectoryName) ?? [])
            .FirstOrDefault(folder => folder is { Length: > 0 } && File.Exists(Path.Combine(folder, "bin", "java")));

    private async Task ConfigureAsync()
    {
        foreach (var folder in (string[])["conf/jvm.options.d", "data", "logs", "tmp"])
            Directory.CreateDirectory(Path.Combine(_directory, folder));
        foreach (var file in Directory.GetFiles(Path.Combine(_home, "config")))
            File.Copy(file, Path.Combine(Configuration, Path.GetFileName(file)));
        var options = await File.ReadAllLinesAsync(Path.Combine(_home, "config", "jvm.options"));
        string[] left = ["Xlog:gc", "HeapDump", "ErrorFile"];
        await File.WriteAllLinesAsync(
            Path.Combine(Configuration, "jvm.options"),
            options.Where(line => !left.Any(word => line.Contains(word, StringComparison.Ordinal))));
        await File.WriteAllTextAsync(Path.Combine(Configuration, "elasticsearch.yml"), $"""
            discovery.type: single-node
            network.host: 127.0.0.1
            http.port: {_port}
            transport.port: {FreePort.Next()}
            path.data: {_directory}/data
            path.logs: {_directory}/logs
            xpack.security.enabled: {(_password is null ? "false" : "true")}
            xpack.security.enrollment.enabled: false
            {(_password is null ? "" : Tls)}
            cluster.routing.allocation.disk.threshold_enabled: false
            """);
        if (_password is not null)
            TestCertificates.Write(Configuration);
        if (Environment.IsPrivilegedProcess)
            await RunAsync(["chown", "-R", "nobody:nogroup", _directory]);
        if (_password is null)
            return;

        await RunAsync(Command("elasticsearch-keystore", "create"));
        await RunAsync(Command("elasticsearch-keystore", "add", "-x", "bootstrap.password"), _password);
    }

    // Elasticsearch refuses to run as root.
    private string[] Command(string program, params string[] arguments) =>
    [
        .. Environment.IsPrivilegedProcess
            ? (string[])["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            : [],
        "env", $"HOME={_directory}", $"ES_HOME={_home}", $"ES_PATH_CONF={Configuration}", $"ES_TMPDIR={_directory}/tmp",
        $"ES_JAVA_HOME={FindJava(_home)}", "ES_JAVA_OPTS=-Xms512m -Xmx512m",
        Path.Combine(_home, "bin", program), .. arguments,
    ];

    /// <summary>Asks the server something as its administrator.</summary>
    /// <returns>The answer's body.</returns>
    public async Task<string> SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Address, path))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private bool IsOurs(
        HttpRequestMessage request, X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate?.Issuer == TestCertificates.AuthorityName;

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"Elasticsearch ended; its log is {_directory}/log");
        try
        {
            using var response = await _http.GetAsync(
                new Uri(Address, "/_cluster/health?wait_for_status=yellow&timeout=1s"));
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string[] command, string input = "")
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        })!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {errors}");
    }
}
