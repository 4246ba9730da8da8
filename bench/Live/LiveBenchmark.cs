using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Bench.Hosting;
using Shop.Bench.Reporting;
using Shop.Bench.Search;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.Testing;
using Shop.Testing.Orders;

namespace Shop.Bench.Live;

/// <summary>Processor time and memory of a read API while a thousand clients watch, with PostgreSQL as the read store.</summary>
internal static class LiveBenchmark
{
    private const int Clients = 1_000;
    private const int WarmUp = 200;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    // The number of orders that become visible at once, and the time until the next.
    private static readonly (int Size, TimeSpan Pause)[] Bursts =
        [(20, TimeSpan.FromMilliseconds(200)), (1, TimeSpan.FromMilliseconds(50))];

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var count = options.Orders ?? (options.Quick ? 100 : 300);
        var rounds = options.Rounds ?? (options.Quick ? 1 : 2);
        var program = await PublishedService.MakeAsync("Shop.ReadApi", cancellationToken);
        await using var server = await LocalPostgres.CreateAsync();
        Dictionary<string, string> settings = new()
        {
            ["ConnectionStrings__readdb"] = await server.CreateDatabaseAsync("readdb"),
            ["ConnectionStrings__elasticsearch"] = "",
            ["Live__MaxStreamsPerIdentity"] = "2000",
        };
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["ConnectionStrings:readdb"] = settings["ConnectionStrings__readdb"];
        builder.Configuration["ConnectionStrings:elasticsearch"] = "";
        builder.AddReadModel();
        using var host = builder.Build();
        var index = host.Services.GetRequiredService<IOrderIndex>();
        await index.EnsureCreatedAsync(cancellationToken);
        using var api = await ReadApiRun.StartAsync(program, settings, cancellationToken);

        var report = new Report("live", $"dotnet run -c Release --project bench -- live --orders {count} --rounds {rounds}");
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{Clients:#,0} clients, {count} orders, median of {rounds} rounds (range); CPU of the read API, less what it uses while nothing changes"));
        report.Line();
        report.Header("streams", "orders at once", "CPU ms an order", "CPU µs an order and client", "CPU % of a core while nothing changes", "MiB");
        SerializedOrder[] orders = [.. new RealisticOrders((count * rounds * 4) + WarmUp).All.Select(SerializedOrder.From)];
        var next = WarmUp;
        // What is compiled now is not measured.
        await MeasureAsync(
            api, "/orders/live", WarmUp, [.. orders[..WarmUp].Chunk(Bursts[0].Size)], burst => index.ApplyAsync(burst, cancellationToken), Bursts[0].Pause, cancellationToken);
        foreach (var (name, path, expected) in new[]
        {
            ("every client receives every order", "/orders/live", count), ("no client receives any", "/orders/live?q=zzzzzz", 0),
        })
        {
            foreach (var (size, pause) in Bursts)
            {
                List<LiveRound> measured = [];
                for (var round = 0; round < rounds; round++)
                {
                    measured.Add(await MeasureAsync(
                        api, path, expected, [.. orders[next..(next += count)].Chunk(size)], burst => index.ApplyAsync(burst, cancellationToken), pause, cancellationToken));
                }

                report.Row(
                    name, size, Summary.Of(measured.Select(round => round.Cpu.TotalMilliseconds / count)),
                    Summary.Of(measured.Select(round => round.Cpu.TotalMicroseconds / count / Clients)),
                    Summary.Of(measured.Select(round => 100 * round.Idle)), Summary.Of(measured.Select(round => round.Memory)));
                Console.WriteLine($"{name}, {size}: {Summary.Of(measured.Select(round => round.Cpu.TotalMilliseconds / count))} ms an order");
            }
        }

        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task<LiveRound> MeasureAsync(
        ReadApiRun api, string path, int expected, IReadOnlyList<SerializedOrder[]> bursts, Func<SerializedOrder[], Task> write,
        TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var watchers = await LiveWatchers.ConnectAsync(api.Http.BaseAddress!, path, Clients, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken); // Connecting has its after-effects.
        var (watch, before) = (Stopwatch.StartNew(), api.Cpu);
        await Task.Delay(Idle, cancellationToken);
        var idle = (api.Cpu - before) / watch.Elapsed;

        (watch, before) = (Stopwatch.StartNew(), api.Cpu);
        foreach (var burst in bursts)
        {
            await write(burst);
            await Task.Delay(pause, cancellationToken);
        }

        while (watchers.Received < (long)expected * Clients)
        {
            if (watch.Elapsed > Limit)
                throw new InvalidOperationException($"The clients received {watchers.Received} of {(long)expected * Clients} events.");
            await Task.Delay(20, cancellationToken);
        }

        return new(api.Cpu - before - (watch.Elapsed * idle), idle, api.MemoryNow);
    }
}

/// <param name="Idle">The share of a core that is used while nothing changes.</param>
internal sealed record LiveRound(TimeSpan Cpu, double Idle, double Memory);
