using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Shop.Testing;

/// <summary>Elasticsearch from an unpacked distribution: a throw-away node that can be killed and restarted.</summary>
public sealed class LocalElasticsearch : IAsyncDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(2) };

    private readonly string _home;
    private readonly string _directory = Directory.CreateTempSubdirectory("shop-elasticsearch-").FullName;
    private readonly int _port = FreePort.Next();
    private readonly string? _password;
    private ChildProcess? _process;

    private LocalElasticsearch(string home, string? password)
    {
        _home = home;
        _password = password;
    }

    public Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>With the password as it is, which is how Aspire gives it.</summary>
    public string ConnectionString => _password is null
        ? $"http://127.0.0.1:{_port}"
        : $"http://elastic:{_password}@127.0.0.1:{_port}";

    /// <summary>What <c>ES_HOME</c> names, where there is Java to run it.</summary>
    public static string? FindHome() =>
        Environment.GetEnvironmentVariable("ES_HOME") is { Length: > 0 } home && FindJava(home) is not null
            ? home
            : null;

    /// <param name="password">Switches security on, with the user <c>elastic</c>.</param>
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
        _process = ChildProcess.Start(command, Path.Combine(_directory, "log"));
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
            cluster.routing.allocation.disk.threshold_enabled: false
            """);
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

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"Elasticsearch ended; its log is {_directory}/log");
        try
        {
            using var request = new HttpRequestMessage(
                HttpMethod.Get, new Uri(Address, "/_cluster/health?wait_for_status=yellow&timeout=1s"));
            if (_password is not null)
            {
                var user = Convert.ToBase64String(Encoding.UTF8.GetBytes($"elastic:{_password}"));
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", user);
            }

            using var response = await Http.SendAsync(request);
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
