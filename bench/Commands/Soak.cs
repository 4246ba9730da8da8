using System.Diagnostics;
using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Commands;

/// <summary>Runs many commands and measures whether the write API's memory grows.</summary>
internal static class Soak
{
    private const int Callers = 32;
    private const int Samples = 20;

    public static async Task RunAsync(OrderLoad load, int commands, bool save, CancellationToken cancellationToken)
    {
        var service = ShopProcess.ProcessOf("Shop.WriteApi");
        var report = new Report(
            "soak", string.Create(CultureInfo.InvariantCulture, $"dotnet run -c Release --project bench -- commands --soak {commands}"));
        report.Header("orders placed", "seconds", "write API MiB");
        report.Row(0, 0, Round(CpuClock.Memory(service)));
        var watch = Stopwatch.StartNew();
        for (var sample = 1; sample <= Samples; sample++)
        {
            await PlaceAsync(load, commands / Samples, cancellationToken);
            report.Row(
                sample * (commands / Samples), Round(watch.Elapsed.TotalSeconds), Round(CpuClock.Memory(service)));
        }

        await report.PublishAsync(save, cancellationToken);
    }

    private static Task PlaceAsync(OrderLoad load, int count, CancellationToken cancellationToken) =>
        Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellationToken },
            async (_, _) => await load.PlaceAsync());

    private static string Round(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
