using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Shop.EndToEnd.Tests.Page;

/// <summary>What the page changes, and what it shows of changes and outages.</summary>
[Collection(nameof(RunningShop))]
public sealed class CommandTests(ShopFixture fixture, PageBrowser browser)
{
    private static readonly (string Label, string Value)[] ShippingAddress =
    [
        ("Recipient", "Đức Nguyễn"), ("Street", "Lange Straße 7"), ("Postal code", "10115"), ("City", "Berlin"),
        ("Country", "de"),
    ];

    private readonly ShopApplication _shop = fixture.Shop;

    [Fact]
    public async Task An_order_is_placed_paid_shipped_delivered_and_refunded_on_the_page()
    {
        await using var shop = await browser.OpenAsync(_shop, "/new", expectsFailures: true);
        var page = shop.Page;
        await page.GetByRole(AriaRole.Button, new() { Name = "Register a new customer" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Đức Nguyễn");
        await page.GetByLabel("E-mail address").FillAsync($"{Guid.CreateVersion7():N}@example.com");
        await page.GetByLabel("Country").First.FillAsync("de");
        await page.GetByRole(AriaRole.Button, new() { Name = "Register", Exact = true }).ClickAsync();
        var products = page.GetByRole(AriaRole.Combobox, new() { Name = "Add a product" });
        await products.PressSequentiallyAsync("lamp");
        await Expect(page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await products.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Remove" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        await Expect(page.GetByLabel("Street")).ToHaveAttributeAsync("aria-invalid", "true");
        foreach (var (label, value) in ShippingAddress)
            await page.GetByLabel(label).FillAsync(value);
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        await HopsAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the order" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Article)).ToContainTextAsync("Placed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay €" }).ClickAsync();
        await Expect(page.GetByLabel("Reference")).ToHaveAttributeAsync("aria-invalid", "true");
        await page.GetByLabel("Reference").FillAsync("ch_1001");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay €" }).ClickAsync();
        await HopsAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Ship" }).ClickAsync();
        await page.GetByLabel("Carrier").FillAsync("Parcel Post");
        await page.GetByLabel("Tracking number").FillAsync("PP123");
        await page.GetByRole(AriaRole.Form, new() { Name = "Ship" }).GetByRole(AriaRole.Button, new() { Name = "Ship" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Deliver" })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Deliver" }).ClickAsync();
        await page.GetByRole(AriaRole.Form, new() { Name = "Deliver" }).GetByRole(AriaRole.Button, new() { Name = "Deliver" }).ClickAsync();
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Delivered");
        await page.GetByRole(AriaRole.Button, new() { Name = "Refund" }).ClickAsync();
        await page.GetByLabel("Amount").FillAsync("1.50");
        await page.GetByRole(AriaRole.Form, new() { Name = "Refund" }).GetByRole(AriaRole.Button, new() { Name = "Refund" }).ClickAsync();
        await Expect(page.Locator(".lines tfoot")).ToContainTextAsync("€1.50");
        await Expect(page.Locator(".timeline li")).ToHaveCountAsync(5);
    }

    [Fact]
    public async Task Changes_made_elsewhere_appear_by_themselves()
    {
        var customer = await _shop.Client.RegisterAsync($"Live {Guid.CreateVersion7():N}");
        var sku = await _shop.Client.AnySkuAsync();
        await using var shop = await browser.OpenAsync(_shop, $"/?customerId={customer}");
        await Expect(shop.Page.GetByText("Live ·")).ToBeVisibleAsync();

        var first = await _shop.Client.PlaceForSureAsync(customer, sku);
        await Expect(shop.Results).ToHaveCountAsync(1);
        await _shop.Client.PayAsync(first.Id);
        await Expect(shop.Results.First).ToContainTextAsync("Paid");

        await shop.Results.First.ClickAsync();
        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Ship" }).ClickAsync();
        await _shop.Client.PlaceForSureAsync(customer, sku);
        await Expect(shop.Results).ToHaveCountAsync(2);
        // What somebody types is not disturbed by a new order.
        await Expect(shop.Page.GetByLabel("Carrier")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_outage_is_named_in_words_and_the_page_recovers_by_itself()
    {
        await using var shop = await browser.OpenAsync(_shop, "/pipeline", expectsFailures: true);
        var page = shop.Page;
        var projector = page.Locator(".station").Filter(new() { HasText = "Newest version of each order" });
        var freshness = page.Locator(".freshness");
        await Expect(projector.GetByText("runs")).ToBeVisibleAsync();

        var resource = (await _shop.LookAsync("projector")).Id;
        await _shop.Commands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand);
        await Expect(projector).ToContainTextAsync("The projector does not answer");
        await Expect(freshness).ToContainTextAsync(new Regex("Projector not running; showing data as of"));

        await _shop.Commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand);
        await Expect(projector.GetByText("runs")).ToBeVisibleAsync();
        await Expect(freshness).ToHaveClassAsync(new Regex("ok"));
    }

    [Fact]
    public async Task What_was_typed_survives_an_outage_and_is_sent_once()
    {
        var customer = await _shop.Client.RegisterAsync();
        var order = await _shop.Client.PlaceForSureAsync(customer, await _shop.Client.AnySkuAsync());
        await using var shop = await browser.OpenAsync(_shop, $"/?customerId={customer}&order={order.Id}", expectsFailures: true);
        var page = shop.Page;
        List<string?> keys = [];
        var isDown = true;
        await page.RouteAsync($"**/orders/{order.Id}/pay", async route =>
        {
            if (route.Request.Method == "POST")
                keys.Add(await route.Request.HeaderValueAsync("idempotency-key"));
            if (isDown)
                await route.AbortAsync();
            else
                await route.ContinueAsync();
        });

        await page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true }).ClickAsync();
        await page.GetByLabel("Reference").FillAsync("ch_1002");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay €" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("The write API does not answer.");
        await Expect(page.GetByLabel("Reference")).ToHaveValueAsync("ch_1002");

        isDown = false;
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay €" }).ClickAsync();
        await Expect(page.Locator(".timeline")).ToContainTextAsync("Paid");
        Assert.Equal(2, keys.Count);
        Assert.Single(keys.Distinct());
    }

    /// <summary>Each hop has its milliseconds.</summary>
    private static async Task HopsAsync(IPage page)
    {
        foreach (var hop in (string[])["committed", "published", "projected", "searchable"])
        {
            await Expect(page.Locator(".hops li").Filter(new() { HasText = hop }))
                .ToContainTextAsync(new Regex("[0-9.]+ ms"));
        }
    }
}
