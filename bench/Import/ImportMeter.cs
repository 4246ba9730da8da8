using System.Diagnostics;
using System.Text.Json;
using Shop.Bench.Hosting;

namespace Shop.Bench.Import;

/// <summary>Measures one arm until all its orders are searchable, and the processor time of each process on the way.</summary>
internal sealed class ImportMeter(ShopProcess shop)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly int _writeApi = ShopProcess.ProcessOf("Shop.WriteApi");
    private readonly int _projector = ShopProcess.ProcessOf("Shop.Projector");
    private readonly int _orders = shop.Postmaster("orders");
    private readonly int _readStore = shop.Postmaster("readdb");

    public async Task<ImportRound> MeasureAsync(int orders, Func<Task> write, CancellationToken cancellationToken)
    {
        // Before it begins, the shop must have nothing left to do.
        await BeFreshAsync(cancellationToken);
        CpuClock.ResetPeakMemory(_writeApi);
        var before = Read();
        var watch = Stopwatch.StartNew();
        await write();
        var written = watch.Elapsed;
        await BeFreshAsync(cancellationToken);
        var searchable = watch.Elapsed;
        var after = Read();
        return new(
            orders / written.TotalSeconds,
            orders / searchable.TotalSeconds,
            (after.WriteApi - before.WriteApi).TotalMicroseconds / orders,
            (after.Orders - before.Orders).TotalMicroseconds / orders,
            (after.ReadSide - before.ReadSide).TotalMicroseconds / orders,
            (after.Machine - before.Machine).TotalMicroseconds / orders,
            CpuClock.PeakMemory(_writeApi));
    }

    private (TimeSpan WriteApi, TimeSpan Orders, TimeSpan ReadSide, TimeSpan Machine) Read() => (
        CpuClock.Of(_writeApi), CpuClock.OfTree(_orders), CpuClock.Of(_projector) + CpuClock.OfTree(_readStore),
        CpuClock.OfMachine());

    // Every commit before this moment is visible to searches, says the read API.
    private async Task BeFreshAsync(CancellationToken cancellationToken)
    {
        var moment = TimeProvider.System.GetUtcNow();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            var page = JsonElement.Parse(
                await shop.ReadApi.GetStringAsync(new Uri("/orders/search?size=1", UriKind.Relative), cancellationToken));
            if (page.GetProperty("freshness").GetProperty("asOf") is { ValueKind: JsonValueKind.String } asOf
                && asOf.GetDateTimeOffset() >= moment)
                return;
            await Task.Delay(Interval, cancellationToken);
        }

        throw new InvalidOperationException($"The read API is not fresh after {Patience}.");
    }
}

/// <param name="Rate">Orders a second until the last outcome or the last commit.</param>
/// <param name="SearchableRate">Orders a second until all are searchable.</param>
/// <param name="WriteApi">Processor time of an order in the write API with its relay, in µs.</param>
/// <param name="Database">Of an order in the write database.</param>
/// <param name="ReadSide">Of an order in the projector and the read store.</param>
/// <param name="Machine">Of an order on the whole machine, with whatever else runs.</param>
/// <param name="Memory">The highest resident memory of the write API, in MiB.</param>
internal sealed record ImportRound(
    double Rate, double SearchableRate, double WriteApi, double Database, double ReadSide, double Machine, double Memory);
