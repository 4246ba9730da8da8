using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Scale;

/// <summary>The tables and plots of <see cref="ScaleBenchmark"/>.</summary>
internal static class ScaleReport
{
    public static async Task PublishAsync(
        string store, int orders, int rounds, List<ScaleRow> rows, ScaleSizes sizes, bool save, CancellationToken cancellationToken)
    {
        var report = new Report(
            $"scale-{store}", Format($"dotnet run -c Release --project bench -- search --orders {orders} --rounds {rounds}"));
        report.Line(Format(
            $"{orders:#,0} orders, {rounds} rounds, one caller whose requests take turns on both arms, milliseconds, median of the rounds; gain = write tables ÷ read API; first = the median of the first ten requests; /s = requests a second of 16 callers"));
        report.Line();
        report.Header("request", "read API p50", "p99", "write tables p50", "p99", "gain p50", "gain p99", "read API first", "write tables first", "read API /s", "write tables /s");
        foreach (var row in rows)
        {
            report.Row(
                row.Name, row.ApiRange(l => l.P50), row.ApiRange(l => l.P99), Number(row.Direct(l => l.P50)), Number(row.Direct(l => l.P99)),
                Number(row.Ratio(l => l.P50)), Number(row.Ratio(l => l.P99)), Number(row.Cold.Api.P50), Number(row.Cold.Direct.P50),
                Number(row.ApiRate), Number(row.DirectRate));
        }

        report.Line();
        report.Header("database", "on disk MB", "of which indexes MB", "loaded in s");
        report.Row("read store", Megabytes(sizes.Store.Data), Megabytes(sizes.Store.Indexes), Number(sizes.Filled.TotalSeconds));
        report.Row("write tables", Megabytes(sizes.Write.Data), Megabytes(sizes.Write.Indexes), Number(sizes.Copied.TotalSeconds));
        report.Line();
        report.Line(Format($"The read API's process used {sizes.ApiMemory:0} MiB at most."));
        report.Line();
        report.Line($"![Latency of each request on both arms](images/scale-{store}.svg)");
        await report.PublishAsync(save, cancellationToken);
        if (save)
            await Chart.WriteAsync($"scale-{store}", Title(store, orders), Bars(rows), cancellationToken);
    }

    private static string Title(string store, int orders) =>
        Format($"{orders:#,0} orders, ms, p50 and p99 (light); blue: read API on {store}, orange: write tables");

    private static IEnumerable<(string Name, (string Arm, double P50, double P99)[])> Bars(List<ScaleRow> rows) => rows.Select(row => (
        row.Name, new[] { Bar("read API", row.Api), Bar("write tables", row.Direct) }));

    private static (string, double, double) Bar(string arm, Func<Func<Latencies, double>, double> figure) =>
        (arm, figure(l => l.P50), figure(l => l.P99));

    private static string Number(double value) => Format($"{(value < 10 ? Math.Round(value, 2) : Math.Round(value)):#,0.##}");

    private static string Megabytes(long bytes) => Format($"{bytes / 1e6:#,0}");

    private static string Format(FormattableString text) => FormattableString.Invariant(text);
}
