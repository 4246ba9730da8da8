using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using Shop.LocalServers.Machines;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(ProxiedHost))]
public sealed class DashboardTests(ProxiedHost proxied)
{
    private const int WarmUp = 30; // The picture is of a warm system.

    [Fact]
    public async Task The_dashboard_shows_resources_and_a_trace_while_the_host_prints_only_its_own_lines()
    {
        var trace = await PlaceOrderAsync(proxied.PortBase);

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1_400, Height = 760 } });
        page.SetDefaultTimeout(60_000);
        var dashboard = $"http://localhost:{proxied.PortBase}";
        await page.GotoAsync($"{dashboard}/login?t={ProxiedHost.DashboardToken}");
        foreach (var resource in (string[])["write-api", "read-api", "projector", "orders", "readdb", "kafka"])
            await Assertions.Expect(Row(page, resource)).ToContainTextAsync("Running", new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByText("Unhealthy")).ToHaveCountAsync(0, new() { Timeout = 60_000 });
        // Nothing to click away for a person without one.
        await Assertions.Expect(page.GetByText("development certificate")).ToHaveCountAsync(0);

        await Eventually.HoldsAsync(
            () => ShowsTraceAsync(page, $"{dashboard}/traces/detail/{trace}"), "the trace has spans of both services",
            TimeSpan.FromMinutes(2));
        await page.ScreenshotAsync(new() { Path = Screenshot() });
        await page.GotoAsync($"{dashboard}/structuredlogs");

        Assert.Empty(proxied.Host.OtherLines);
    }

    // The page of a trace that has not arrived yet stays empty.
    private static async Task<bool> ShowsTraceAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        try
        {
            foreach (var span in (string[])["write-api", "projector"])
                await Assertions.Expect(page.GetByText(span).First).ToBeVisibleAsync(new() { Timeout = 10_000 });
            return true;
        }
        catch (PlaywrightException)
        {
            return false;
        }
    }

    private static ILocator Row(IPage page, string resource) =>
        page.Locator("tr, [role=row]").Filter(new() { HasText = resource }).First;

    /// <returns>The trace's id.</returns>
    private static async Task<string> PlaceOrderAsync(int portBase)
    {
        using var client = new ShopClient(portBase);
        var customer = await client.RegisterAsync();
        var sku = await client.AnySkuAsync();
        var trace = "";
        for (var i = 0; i <= WarmUp; i++)
        {
            trace = Guid.CreateVersion7().ToString("N");
            var sampled = i == WarmUp ? "01" : "00";
            using var placed = await client.PlaceAsync(
                customer, sku, "Ring twice", traceParent: $"00-{trace}-00f067aa0ba902b7-{sampled}");
            var receipt = await ShopClient.ReadReceiptAsync(placed);
            await Eventually.GetAsync(
                () => client.FindAsync(receipt), found => found is not null, "The order is found");
        }

        return trace;
    }

    /// <summary>The README's picture if SHOP_UPDATE_IMAGES is set.</summary>
    private static string Screenshot() => Path.Combine(
        Checkout.Root,
        Environment.GetEnvironmentVariable("SHOP_UPDATE_IMAGES") is null ? "artifacts" : "docs/images",
        "trace.png");
}
