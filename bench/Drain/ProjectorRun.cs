using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Shop.Bench.Hosting;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Drain;

/// <summary>A projector in its own process, which writes the backlog to an empty index.</summary>
internal sealed class ProjectorRun : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly Process _process;
    private readonly HttpClient _admin;
    private readonly TcpListener _writeSide;

    private ProjectorRun(Process process, HttpClient admin, TcpListener writeSide) =>
        (_process, _admin, _writeSide) = (process, admin, writeSide);

    public static ProjectorRun Start(string program, DrainServers servers, string topic, string alias)
    {
        // No write API: the reconciliation after the assignment would write the same documents.
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"http://127.0.0.1:{FreePort.Next()}";
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "Shop.Projector"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = address,
            ["ConnectionStrings__kafka"] = servers.Kafka,
            ["ConnectionStrings__elasticsearch"] = servers.Elasticsearch,
            ["ConnectionStrings__redis"] = "",
            ["Elasticsearch__Alias"] = alias,
            ["Projector__Topic"] = topic,
            ["Projector__DeadLetterTopic"] = $"{topic}.dead-letters",
            ["Projector__GroupId"] = alias,
            ["Logging__Console__LogLevel__Default"] = "Error",
            ["services__write-api__http__0"] = $"http://{silent.LocalEndpoint}",
        })
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Console.Out.WriteLine(line.Data);
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process, new() { BaseAddress = new(address) }, silent);
    }

    public async Task<DrainRound> DrainAsync(
        int events, Func<Task<TimeSpan>> serverCpu, CancellationToken cancellationToken)
    {
        var meter = new DrainMeter(events, () => CpuClock.Of(_process.Id), serverCpu);
        var memory = 0.0;
        while (true)
        {
            var round = await meter.TakenAsync(await TakenAsync(cancellationToken));
            memory = Math.Max(memory, CpuClock.Memory(_process.Id));
            if (round is not null)
                return round with { Memory = memory };

            await Task.Delay(Interval, cancellationToken);
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _admin.Dispose();
        _writeSide.Dispose();
    }

    private async Task<long> TakenAsync(CancellationToken cancellationToken)
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The projector ended with {_process.ExitCode}.");

        try
        {
            var status = await _admin.GetFromJsonAsync<JsonElement>("/status", cancellationToken);
            return status.GetProperty("partitions").EnumerateArray()
                .Sum(partition => partition.GetProperty("position").GetInt64());
        }
        catch (HttpRequestException)
        {
            return 0; // It is still starting.
        }
    }
}
