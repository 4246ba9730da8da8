using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shop.Bench.Hosting;

/// <summary>
/// The whole application as a process of its own, run as its users run it, in a folder and on ports of its own.
/// </summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);
    private static readonly int Ports = 7;

    private readonly string _data;
    private readonly string[] _arguments;
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    private ShopProcess(string[] arguments)
    {
        var portBase = FreePorts();
        // Not a private folder: PostgreSQL is started as another user where the host is root.
        _data = Path.Combine(Path.GetTempPath(), $"shop-{Guid.CreateVersion7():N}");
        _arguments =
        [
            "--data", _data, "--port-base", portBase.ToString(CultureInfo.InvariantCulture), .. arguments,
        ];
        WriteApi = new HttpClient { BaseAddress = new Uri($"http://localhost:{portBase + 1}") };
        ReadApi = new HttpClient { BaseAddress = new Uri($"http://localhost:{portBase + 2}") };
        Projector = new HttpClient { BaseAddress = new Uri($"http://localhost:{portBase + 3}") };
    }

    public HttpClient WriteApi { get; }

    public HttpClient ReadApi { get; }

    public HttpClient Projector { get; }

    private string Output => string.Join('\n', _output);

    /// <param name="arguments">More arguments of the host, as <c>--orders 0</c>.</param>
    public static async Task<ShopProcess> StartAsync(params string[] arguments)
    {
        var shop = new ShopProcess(arguments);
        try
        {
            await shop.StartAsync();
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }

        return shop;
    }

    private async Task StartAsync()
    {
        var host = Path.Combine(Repository.Root, "Shop.AppHost", "bin", "Release", "net10.0", "Shop.AppHost");
        var start = new ProcessStartInfo(host, _arguments)
        {
            WorkingDirectory = Path.Combine(Repository.Root, "Shop.AppHost"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, ready);
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"The host ended: {Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(StartLimit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"The host was not ready within {StartLimit}: {Output}");
        }
    }

    // As Ctrl-C does.
    private async Task StopAsync()
    {
        if (_process is { HasExited: false } running)
        {
            using (Process.Start("kill", ["-TERM", $"{running.Id}"]))
            {
                await running.WaitForExitAsync().WaitAsync(StopLimit);
            }
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Connection string of a PostgreSQL instance that the host started, found where it keeps its data.</summary>
    public string ConnectionString(string database)
    {
        var port = File.ReadLines(Path.Combine(_data, database, "postmaster.pid")).ElementAt(3);
        var password = File.ReadAllText(Path.Combine(_data, "postgres.password")).Trim();
        return $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database={database}";
    }

    /// <summary>The postmaster of a PostgreSQL instance that the host started.</summary>
    public int Postmaster(string database) => int.Parse(
        File.ReadLines(Path.Combine(_data, database, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    public static int ProcessOf(string service) => CpuClock.ProcessOf(
        Path.Combine(Repository.Root, service, "bin", "Release", "net10.0", service));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        WriteApi.Dispose();
        ReadApi.Dispose();
        Projector.Dispose();
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }

    private void Take(string? line, TaskCompletionSource ready)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith("Ready", StringComparison.Ordinal))
            ready.TrySetResult();
    }

    // The host takes ports in a row; those that the system hands out by itself lie higher.
    private static int FreePorts()
    {
        while (true)
        {
            var first = Random.Shared.Next(10_000, 30_000);
            if (Enumerable.Range(first, Ports).All(IsFree))
                return first;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
