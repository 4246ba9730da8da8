using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Shop.EndToEnd.Tests.Page;

[Collection(nameof(RunningShop))]
public sealed class SearchViewTests(ShopFixture fixture, PageBrowser browser)
{
    [Fact]
    public async Task Typed_words_find_orders_mark_their_matches_and_are_in_the_address()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}");
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = $"{PageBrowser.Orders} orders" })).ToBeVisibleAsync();

        await shop.Search.PressSequentiallyAsync("linen page7");

        await Expect(shop.Results).ToHaveCountAsync(1);
        await Expect(shop.Results.Locator("mark")).ToHaveTextAsync(["Page7", "Linen", "Page7"]);
        await Expect(shop.Page).ToHaveURLAsync(new Regex("q=linen\\+page7"));

        await shop.Search.PressAsync("Enter");
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("Robin Page7");
        await Expect(shop.Page).ToHaveURLAsync(new Regex("order="));
        await shop.Page.ReloadAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("Robin Page7");
    }

    [Fact]
    public async Task A_suggestion_is_chosen_with_the_arrow_keys()
    {
        await using var shop = await OpenAsync("/");
        await shop.Search.PressSequentiallyAsync("bedside linen");
        await Expect(shop.Page.GetByRole(AriaRole.Option).First).ToBeVisibleAsync();
        await Expect(shop.Search).ToHaveAttributeAsync("aria-expanded", "true");

        await shop.Search.PressAsync("ArrowDown");
        await Expect(shop.Search).ToHaveAttributeAsync("aria-activedescendant", "search-0");
        await shop.Search.PressAsync("Escape");
        await Expect(shop.Search).ToHaveAttributeAsync("aria-expanded", "false");
        await shop.Search.PressAsync("ArrowDown");
        var option = shop.Page.GetByRole(AriaRole.Option).Filter(new() { HasText = "Bedside Lamp Linen" });
        while (await option.First.GetAttributeAsync("aria-selected") != "true")
            await shop.Search.PressAsync("ArrowDown");
        await shop.Search.PressAsync("Enter");

        await Expect(shop.Page).ToHaveURLAsync(new Regex("sku="));
        await Expect(shop.Results.First).ToContainTextAsync("Bedside Lamp Linen");
    }

    [Fact]
    public async Task A_facet_filters_keeps_its_own_counts_and_its_chip_removes_it()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}");
        var delivered = shop.Page.GetByRole(AriaRole.Checkbox, new() { Name = "Delivered" });
        var half = PageBrowser.Orders / 2;
        var quarter = PageBrowser.Orders / 4;

        await delivered.CheckAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = $"{quarter} orders" })).ToBeVisibleAsync();
        await Expect(shop.Page.Locator("label", new() { HasText = "Paid" })).ToContainTextAsync($"{PageBrowser.Orders - quarter}");
        await shop.Page.GetByRole(AriaRole.Checkbox, new() { Name = "France" }).CheckAsync();
        await Expect(shop.Page).ToHaveURLAsync(new Regex("status=delivered.*country=FR"));

        await shop.Page.GetByRole(AriaRole.Button, new() { Name = "Remove filter Delivered" }).ClickAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = $"{half} orders" })).ToBeVisibleAsync();
        await shop.Page.GoBackAsync();
        await Expect(delivered).ToBeCheckedAsync();

        var refunded = shop.Page.Locator("label", new() { HasText = "Refunded" });
        await Expect(refunded).ToContainTextAsync("0");
        await shop.Page.RouteAsync("**/orders/search?*facets=*", EstimateAsync);
        await shop.Page.ReloadAsync();
        await Expect(shop.Page.Locator("label", new() { HasText = "Delivered" })).ToContainTextAsync("≈ ");
        await Expect(refunded).Not.ToContainTextAsync("0");
        await Expect(shop.Page.Locator("label", new() { HasText = "France" })).Not.ToContainTextAsync("≈");
    }

    /// <summary>As if the counts by status had been estimated, which takes more orders than the test has.</summary>
    private static async Task EstimateAsync(IRoute route)
    {
        var response = await route.FetchAsync();
        var body = JsonNode.Parse(await response.TextAsync())!;
        body["estimatedFacets"] = new JsonArray("status");
        await route.FulfillAsync(new() { Response = response, Body = body.ToJsonString() });
    }

    [Fact]
    public async Task Dragging_over_the_histogram_selects_a_period_and_the_keys_move_it()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}");
        var histogram = shop.Page.GetByRole(AriaRole.Slider);
        var box = (await histogram.BoundingBoxAsync())!;

        await shop.Page.Mouse.MoveAsync(box.X + (box.Width * 0.505f), box.Y + 30);
        await shop.Page.Mouse.DownAsync();
        await shop.Page.Mouse.MoveAsync(box.X + (box.Width * 0.605f), box.Y + 30);
        await shop.Page.Mouse.MoveAsync(box.X + (box.Width * 0.705f), box.Y + 30);
        await shop.Page.Mouse.UpAsync();

        await Expect(shop.Page).ToHaveURLAsync(new Regex("from=[0-9-]+&to=[0-9-]+"));
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = "13 orders" })).ToBeVisibleAsync();
        var from = await shop.Page.GetByLabel("From").InputValueAsync();

        await histogram.FocusAsync();
        await histogram.PressAsync("ArrowRight");
        var next = DateOnly.Parse(from, CultureInfo.InvariantCulture).AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await Expect(shop.Page.GetByLabel("From")).ToHaveValueAsync(next);
        await histogram.PressAsync("Shift+ArrowRight");
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = "14 orders" })).ToBeVisibleAsync();
        await histogram.PressAsync("Escape");
        await Expect(shop.Page.GetByLabel("From")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task Scrolling_loads_further_orders_and_a_return_keeps_the_place()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}");
        await Expect(shop.Results).ToHaveCountAsync(40);

        await shop.Results.Last.ScrollIntoViewIfNeededAsync();
        await Expect(shop.Results).ToHaveCountAsync(PageBrowser.Orders);
        var row = shop.Results.Filter(new() { HasText = "Page55" });
        await row.ScrollIntoViewIfNeededAsync();
        await row.ClickAsync();
        await shop.Page.GetByRole(AriaRole.Article).GetByRole(AriaRole.Link, new() { Name = "Robin Page55" }).ClickAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Heading, new() { Name = "Robin Page55" })).ToBeVisibleAsync();
        await shop.Page.GoBackAsync();

        await Expect(shop.Results).ToHaveCountAsync(PageBrowser.Orders);
        await Expect(row).ToBeInViewportAsync();
    }

    [Fact]
    public async Task Markup_in_an_order_is_shown_as_text()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}&q=pepper");
        await Expect(shop.Results).ToContainTextAsync(["<script>document.title = 'hacked'</script>"]);
        await Expect(shop.Results.Locator("mark")).ToHaveTextAsync(["pepper"]);

        await shop.Results.First.ClickAsync();
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("<img src=x onerror=\"document.title='hacked'\"> pepper");
        await Expect(shop.Page.Locator("main img, main script")).ToHaveCountAsync(0);
        Assert.DoesNotContain("hacked", await shop.Page.TitleAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_is_reached_with_the_keyboard_alone()
    {
        await using var shop = await OpenAsync($"/?{browser.Filter}");
        await Expect(shop.Results.First).ToBeVisibleAsync();
        var keyboard = shop.Page.Keyboard;

        await keyboard.PressAsync("j");
        await keyboard.PressAsync("j");
        await Expect(shop.Results.Nth(1).GetByRole(AriaRole.Link)).ToBeFocusedAsync();
        await keyboard.PressAsync("o");
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("مريم الحداد");
        await keyboard.PressAsync("j");
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToContainTextAsync("Robin Page2");
        await keyboard.PressAsync("Escape");
        await Expect(shop.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(0);

        await keyboard.PressAsync("/");
        await Expect(shop.Search).ToBeFocusedAsync();
        await keyboard.PressAsync("Escape");
        await shop.Results.First.GetByRole(AriaRole.Link).FocusAsync();
        await keyboard.PressAsync("?");
        await Expect(shop.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeVisibleAsync();
        await keyboard.PressAsync("Escape");
        await Expect(shop.Page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" })).ToBeHiddenAsync();
    }

    private Task<ShopPage> OpenAsync(string address) => browser.OpenAsync(fixture.Shop, address);
}
