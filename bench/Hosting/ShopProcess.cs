using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Shop.Bench.Hosting;

/// <summary>The whole application, run as its users run it, in a folder and on ports of its own.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _data;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShopProcess(Process process, string data, int portBase)
    {
        _process = process;
        _data = data;
        WriteApi = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 1}") };
        ReadApi = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 2}") };
    }

    public HttpClient WriteApi { get; }

    public HttpClient ReadApi { get; }

    /// <summary>Builds and starts the host without sample data; returns once it said that it is ready.</summary>
    public static async Task<ShopProcess> StartAsync(CancellationToken cancellationToken)
    {
        // Not a private folder: PostgreSQL is started as another user where the host is root.
        var data = Path.Combine(Path.GetTempPath(), $"shop-bench-{Guid.CreateVersion7():N}");
        var portBase = FreePorts();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
        [
            "run", "-c", "Release", "--project", "Shop.AppHost", "--",
            "--data", data, "--port-base", portBase.ToString(CultureInfo.InvariantCulture), "--orders", "0",
        ])
            start.ArgumentList.Add(argument);
        Console.WriteLine("Starting the shop …");
        var shop = new ShopProcess(Process.Start(start)!, data, portBase);
        try
        {
            shop.Listen();
            await shop._ready.Task.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }

        return shop;
    }

    /// <summary>Connection string of a PostgreSQL instance that the host started, found where it keeps its data.</summary>
    public string ConnectionString(string database)
    {
        var port = File.ReadLines(Path.Combine(_data, database, "postmaster.pid")).ElementAt(3);
        var password = File.ReadAllText(Path.Combine(_data, "postgres.password")).Trim();
        return $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database={database}";
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var interrupt = Process.Start("kill", ["-INT", $"{_process.Id}"]);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        WriteApi.Dispose();
        ReadApi.Dispose();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private void Listen()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => _ready.TrySetException(
            new InvalidOperationException($"The host ended: {string.Join('\n', _output.TakeLast(20))}"));
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith("Ready", StringComparison.Ordinal))
            _ready.TrySetResult();
    }

    // The host takes seven ports in a row.
    private static int FreePorts()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return Math.Min(((IPEndPoint)listener.LocalEndpoint).Port, 65_000);
    }
}
