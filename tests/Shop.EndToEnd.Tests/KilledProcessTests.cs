using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class KilledProcessTests(ShopFixture fixture)
{
    private readonly ShopApplication _shop = fixture.Shop;

    [Theory]
    [InlineData("projector")]
    [InlineData("read-api")]
    [InlineData("write-api")]
    [InlineData("orders")]
    [InlineData("readdb")]
    public async Task Orders_placed_while_a_process_is_killed_are_all_found_without_manual_intervention(string resource)
    {
        var customer = await _shop.Client.RegisterAsync();
        var sku = await _shop.Client.AnySkuAsync();
        var placed = new ConcurrentBag<Receipt>();
        using var enough = new CancellationTokenSource();
        var placing = PlaceUntilAsync(customer, sku, placed, enough.Token);
        await Eventually.HoldsAsync(() => Task.FromResult(placed.Count >= 10), "Orders are placed");

        await _shop.RunsAgainAsync(resource, afterProcess: await _shop.KillAsync(resource));

        var restarted = placed.Count;
        await Eventually.HoldsAsync(
            () => Task.FromResult(placed.Count >= restarted + 10), "Orders are placed again", TimeSpan.FromSeconds(60));
        await enough.CancelAsync();
        await placing;
        foreach (var receipt in placed)
            await Eventually.GetAsync(
                () => _shop.Client.FindAsync(receipt), found => found is not null, $"Order {receipt.Number} is found",
                TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_service_that_a_user_stopped_is_not_restarted()
    {
        var (readApi, _, _) = await _shop.LookAsync("read-api");
        await _shop.Commands.ExecuteCommandAsync(readApi, KnownResourceCommands.StopCommand);
        await Eventually.GetAsync(
            () => _shop.LookAsync("read-api"), now => now.State is "Finished" or "Exited", "The read API is stopped");

        // The supervisor restarts the projector, which is killed later. So it had the time to restart the read API.
        await _shop.RunsAgainAsync("projector", afterProcess: await _shop.KillAsync("projector"));
        Assert.NotEqual("Running", (await _shop.LookAsync("read-api")).State);

        await _shop.Commands.ExecuteCommandAsync(readApi, KnownResourceCommands.StartCommand);
        await _shop.Resources.WaitForResourceHealthyAsync("read-api").WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task PlaceUntilAsync(
        Guid customer, string sku, ConcurrentBag<Receipt> placed, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            placed.Add(await _shop.Client.PlaceForSureAsync(customer, sku));
            await Task.Delay(TimeSpan.FromMilliseconds(25), CancellationToken.None); // Each is looked up afterwards.
        }
    }
}
