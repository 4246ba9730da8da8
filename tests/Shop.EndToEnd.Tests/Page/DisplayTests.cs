using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Shop.EndToEnd.Tests.Page;

/// <summary>The views on different screens, for different readers.</summary>
[Collection(nameof(RunningShop))]
public sealed class DisplayTests(ShopFixture fixture, PageBrowser browser)
{
    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();
    private static readonly ViewportSize Phone = new() { Width = 390, Height = 844 };

    [Theory]
    [InlineData(ColorScheme.Light, false)]
    [InlineData(ColorScheme.Dark, false)]
    [InlineData(ColorScheme.Light, true)]
    public async Task Axe_finds_nothing_in_any_view(ColorScheme scheme, bool isPhone)
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}&status=delivered", new()
        {
            ColorScheme = scheme,
            ViewportSize = isPhone ? Phone : null,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await Expect(shop.Results.First).ToBeVisibleAsync();
        await CheckAsync(shop, scheme);

        await shop.Search.FillAsync("bedside");
        await Expect(shop.Page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await CheckAsync(shop, scheme);
        await shop.Search.PressAsync("Escape");

        await shop.Results.First.ClickAsync();
        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Refund" }).ClickAsync();
        await Expect(shop.Page.GetByLabel("Reason (optional)")).ToBeVisibleAsync();
        await CheckAsync(shop, scheme);

        await shop.Page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Link, new() { Name = "Robin" }).First.ClickAsync();
        await Expect(shop.Page.GetByRole(AriaRole.List, new() { Name = "Orders of the customer" })).ToBeVisibleAsync();
        await CheckAsync(shop, scheme);

        await shop.Page.GetByRole(AriaRole.Link, new() { Name = "New order" }).First.ClickAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Combobox, new() { Name = "Find a customer" })).ToBeVisibleAsync();
        await CheckAsync(shop, scheme);

        await shop.Page.GetByRole(AriaRole.Link, new() { Name = "Pipeline" }).First.ClickAsync();
        await Expect(shop.Page.Locator(".station")).ToHaveCountAsync(5);
        await CheckAsync(shop, scheme);
    }

    [Fact]
    public async Task On_a_phone_nothing_is_cut_off_and_an_order_has_the_whole_screen()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}", new() { ViewportSize = Phone, HasTouch = true, IsMobile = true });
        await Expect(shop.Results.First).ToBeVisibleAsync();
        await NothingOverflowsAsync(shop);
        await Expect(shop.Page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0);

        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Filters" }).TapAsync();
        await shop.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Delivered" }).TapAsync();
        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).TapAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Button, new() { Name = "Remove filter Delivered" })).ToBeVisibleAsync();

        await shop.Results.First.TapAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToBeVisibleAsync();
        await Expect(shop.Results).ToHaveCountAsync(0);
        await NothingOverflowsAsync(shop);
        foreach (var button in await shop.Page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Button).AllAsync())
            Assert.True((await button.BoundingBoxAsync())!.Height >= 44, "A touch target is at least 44 pixels high.");
        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Close order" }).TapAsync();
        await Expect(shop.Results.First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Right_to_left_text_keeps_its_direction_and_200_percent_zoom_needs_no_sideways_scrolling()
    {
        // A window of 1,280 pixels at 200 % has 640.
        await using var shop = await OpenAsync($"/?{browser.Filter}&q=%D9%85%D8%B1%D9%8A%D9%85", new()
        {
            ViewportSize = new() { Width = 640, Height = 400 },
            ColorScheme = ColorScheme.Dark,
        });
        await Expect(shop.Results).ToHaveCountAsync(1);
        await Expect(shop.Results.Locator("mark").First).ToHaveTextAsync("مريم");
        var name = shop.Results.Locator(".who bdi");
        Assert.Equal("rtl", await name.EvaluateAsync<string>("element => getComputedStyle(element).direction"));
        Assert.Equal("ltr", await shop.Page.EvaluateAsync<string>("getComputedStyle(document.body).direction"));
        await NothingOverflowsAsync(shop);

        var background = await shop.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
        Assert.StartsWith("oklch(0.1", background, StringComparison.Ordinal);
    }

    // Colors alone depend on the scheme. The package's own RunAxe loads the script into two pages each time, which takes
    // longer than the checks.
    private static async Task CheckAsync(ShopPage shop, ColorScheme scheme)
    {
        if (!await shop.Page.EvaluateAsync<bool>("'axe' in window"))
            await shop.Page.EvaluateAsync(AxeScript);
        var rules = scheme == ColorScheme.Dark ? "runOnly: ['color-contrast', 'link-in-text-block']," : "";
        var violations = await shop.Page.EvaluateAsync<string[]>($$"""
            axe.run({ {{rules}} resultTypes: ['violations'] }).then(found => found.violations
                .map(violation => `${violation.id}: ${violation.nodes.map(node => node.html).join(', ')}`))
            """);
        Assert.Empty(violations);
    }

    private static async Task NothingOverflowsAsync(ShopPage shop) => Assert.True(await shop.Page.EvaluateAsync<bool>(
        "document.documentElement.scrollWidth <= innerWidth"));

    private Task<ShopPage> OpenAsync(string address, BrowserNewContextOptions? options = null) =>
        browser.OpenAsync(fixture.Shop, address, options);
}
