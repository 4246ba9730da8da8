using System.Diagnostics;
using Shop.Bench.Hosting;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Search;

/// <summary>A read API as a process of its own, without telemetry.</summary>
internal sealed class ReadApiRun : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private ReadApiRun(Process process, HttpClient http) => (_process, Http) = (process, http);

    public HttpClient Http { get; }

    /// <summary>The highest resident memory so far, in MiB.</summary>
    public double Memory => CpuClock.PeakMemory(_process.Id);

    public double MemoryNow => CpuClock.Memory(_process.Id);

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu => CpuClock.Of(_process.Id);

    /// <param name="store">The settings that name the read store, as environment variables.</param>
    public static async Task<ReadApiRun> StartAsync(
        string program, IReadOnlyDictionary<string, string> store, CancellationToken cancellationToken)
    {
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var start = new ProcessStartInfo(program) { WorkingDirectory = Path.Combine(Checkout.Root, "Shop.ReadApi") };
        foreach (var (name, value) in new Dictionary<string, string>(store)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ASPNETCORE_URLS"] = address,
            ["ConnectionStrings__redis"] = "",
            ["Logging__Console__LogLevel__Default"] = "Critical",
        })
        {
            start.Environment[name] = value;
        }

        var run = new ReadApiRun(Process.Start(start)!, new() { BaseAddress = new(address) });
        try
        {
            await run.BeReadyAsync(cancellationToken);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Http.Dispose();
    }

    private async Task BeReadyAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var response = await Http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }

            if (_process.HasExited || watch.Elapsed > StartLimit)
                throw new InvalidOperationException($"The read API is not ready after {watch.Elapsed.TotalSeconds:0} s.");
            await Task.Delay(50, cancellationToken);
        }
    }
}
