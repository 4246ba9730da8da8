using System.Collections.Concurrent;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

public sealed class HostRestartTests
{
    private const int Commands = 1_000;
    private const int Workers = 8;

    [SkippableFact]
    public async Task A_host_stopped_and_killed_amid_a_thousand_commands_loses_none_and_repeats_none()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var folder = new ShopFolder();
        using var client = new ShopClient(folder.PortBase);
        var placed = new ConcurrentBag<Receipt>();
        Guid customer;
        Task placing;
        await using (var host = await HostProcess.StartReadyAsync(folder.Arguments))
        {
            customer = await client.RegisterAsync();
            var sku = await client.AnySkuAsync();
            placing = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => PlaceAsync(client, customer, sku, placed)));
            await ReachAsync(placed, Commands / 3);
            await host.StopAsync();
            Assert.True(HasEndedInOrder(folder, "orders"), "The write database was killed.");
            Assert.True(HasEndedInOrder(folder, "readdb"), "The read database was killed.");
        }

        await using (var host = await HostProcess.StartReadyAsync(folder.Arguments))
        {
            await ReachAsync(placed, Commands * 2 / 3);
            await host.KillAsync();
        }

        await using var last = await HostProcess.StartReadyAsync(folder.Arguments);
        await placing;
        Assert.Equal(Commands, placed.DistinctBy(receipt => receipt.Id).Count());
        await Eventually.HoldsAsync(
            async () => (await client.SearchAsync($"customerId={customer}&size=1"))
                .GetProperty("total").GetProperty("value").GetInt64() >= Commands,
            "As many orders are found as were placed");
        Assert.Equal(placed.Select(receipt => receipt.Id).Order(), (await FoundAsync(client, customer)).Order());
    }

    private static async Task<List<Guid>> FoundAsync(ShopClient client, Guid customer)
    {
        List<Guid> found = [];
        for (var cursor = ""; cursor is not null;)
        {
            var page = await client.SearchAsync($"customerId={customer}&size=100{cursor}");
            found.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("nextCursor").GetString() is { } next ? $"&cursor={Uri.EscapeDataString(next)}" : null;
        }

        return found;
    }

    // PostgreSQL takes the file away when it shuts down.
    private static bool HasEndedInOrder(ShopFolder folder, string database) =>
        !File.Exists(Path.Combine(folder.Path, database, "postmaster.pid"));

    private static async Task PlaceAsync(ShopClient client, Guid customer, string sku, ConcurrentBag<Receipt> placed)
    {
        for (var i = 0; i < Commands / Workers; i++)
            placed.Add(await client.PlaceForSureAsync(customer, sku));
    }

    private static Task ReachAsync(ConcurrentBag<Receipt> placed, int count) => Eventually.HoldsAsync(
        () => Task.FromResult(placed.Count >= count), $"{count} orders are placed", TimeSpan.FromMinutes(2));
}
