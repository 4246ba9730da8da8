using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

// A machine that is too busy is a reason to warn.
[CollectionDefinition(nameof(CleanRunTests), DisableParallelization = true)]
[Collection(nameof(CleanRunTests))]
public sealed class CleanRunTests
{
    [Fact]
    public async Task A_first_start_run_and_stop_log_no_warning_and_trace_only_requests()
    {
        using var folder = new ShopFolder();
        using var collector = new TelemetryCollector();
        await using var host = await HostProcess.StartReadyAsync(
            folder.Arguments,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        await PlaceOrderAsync(folder.PortBase);
        await Eventually.HoldsAsync(
            () => Task.FromResult(collector.Spans.Any(span => span.Name.StartsWith("POST /orders", StringComparison.Ordinal))),
            "The trace of the order arrives",
            TimeSpan.FromSeconds(60));

        await host.StopAsync();

        LogRecord[] warnings = [.. collector.Logs.Where(record => record.Severity >= TelemetryCollector.Warning)];
        Assert.True(warnings is [], string.Join('\n', warnings.AsEnumerable()));
        Span[] roots = [.. collector.Spans.Where(span => span.IsRoot && !span.IsRequest && IsOurs(span.Service)).Distinct()];
        Assert.True(roots is [], string.Join('\n', roots.AsEnumerable()));
        Assert.DoesNotContain(collector.Spans, span => span.Name.Contains("/health", StringComparison.Ordinal));
        Assert.Empty(host.OtherLines);
    }

    // The dashboard's own process reports to the collector too.
    private static bool IsOurs(string service) => service is "write-api" or "read-api" or "projector";

    private static async Task PlaceOrderAsync(int portBase)
    {
        using var client = new ShopClient(portBase);
        var receipt = await client.PlaceForSureAsync(await client.RegisterAsync(), await client.AnySkuAsync());
        await Eventually.GetAsync(() => client.FindAsync(receipt), found => found is not null, "The order is found");
    }
}
