using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.Page;

/// <summary>One Chromium for all tests of the page, and orders of a category of their own.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    public const int Orders = 60;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The category of the orders, which no other test uses.</summary>
    public string Category { get; } = $"Lamps {Guid.CreateVersion7():N}"[..20];

    /// <summary>The filter for them, as part of an address.</summary>
    internal string Filter => $"category={Uri.EscapeDataString(Category)}";

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    internal async Task<ShopPage> OpenAsync(
        ShopApplication shop, string address, BrowserNewContextOptions? options = null, bool expectsFailures = false)
    {
        // Tests of a collection run one after another.
        _playwright ??= await Playwright.CreateAsync();
        if (_browser is null)
        {
            Assertions.SetDefaultExpectTimeout(30_000);
            _browser = await Chromium.LaunchAsync(_playwright);
            await ImportAsync(shop);
        }

        options ??= new();
        options.Locale ??= "en-GB";
        options.ViewportSize ??= new() { Width = 1_366, Height = 820 };
        var context = await _browser.NewContextAsync(options);
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        var opened = new ShopPage(page, expectsFailures);
        await page.GotoAsync($"http://localhost:{shop.PortBase + 2}{address}");
        return opened;
    }

    /// <summary>Orders of the last two months, one a day; the newest has text that could be mistaken for markup.</summary>
    private async Task ImportAsync(ShopApplication shop)
    {
        var lines = Enumerable.Range(0, Orders).Select(Line);
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{shop.PortBase + 1}") };
        using var body = new StringContent(string.Join('\n', lines));
        using var response = await http.PostAsync("/orders/import", body);
        response.EnsureSuccessStatusCode();
        Assert.DoesNotContain("rejected", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await Eventually.GetAsync(
            async () => (await shop.Client.SearchAsync($"{Filter}&size=1"))
                .GetProperty("total").GetProperty("value").GetInt64(),
            count => count == Orders, "The page's orders are found", TimeSpan.FromSeconds(60));
    }

    private string Line(int index)
    {
        var (recipient, note) = index switch
        {
            0 => ("<script>document.title = 'hacked'</script>", "<img src=x onerror=\"document.title='hacked'\"> pepper"),
            1 => ("مريم الحداد", "اتصل قبل التسليم"),
            _ => ($"Robin Page{index.ToString(CultureInfo.InvariantCulture)}", (string?)null),
        };
        return JsonSerializer.Serialize(new
        {
            key = $"{Category}-{index}",
            customer = new { name = recipient, email = $"p{index}.{Category[6..]}@example.com".Replace(" ", ""), country = "DE" },
            lines = new[]
            {
                new
                {
                    sku = "PG-1", name = "Bedside Lamp Linen", category = Category, quantity = 1 + index % 3,
                    unitPrice = new { amount = 4_990, currency = "EUR" },
                },
            },
            shippingAddress = new { recipient, street = "Lange Straße 1", postalCode = "10115", city = "Berlin", country = index % 2 == 0 ? "DE" : "FR" },
            note,
            placedAt = TimeProvider.System.GetUtcNow().AddDays(-index).AddMinutes(-5),
            status = index % 4 == 3 ? "delivered" : "paid",
        });
    }
}

/// <summary>A page in a context of its own. Disposing fails if the browser reported an error meanwhile.</summary>
internal sealed class ShopPage : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _errors = [];

    public ShopPage(IPage page, bool expectsFailures)
    {
        Page = page;
        page.PageError += (_, error) => _errors.Enqueue(error);
        // A violation of the content security policy is an error of the console, too.
        page.Console += (_, message) =>
        {
            var isFailure = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)
                || message.Text.Contains("CORS policy", StringComparison.Ordinal);
            // A customer's own record may come later than the first order.
            expectsFailures |= message.Location.Contains("/customers/", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !(expectsFailures && isFailure))
                _errors.Enqueue($"{message.Text} ({message.Location})");
        };
    }

    public IPage Page { get; }

    public ILocator Results => Page.Locator(".result");

    public ILocator Search => Page.GetByRole(AriaRole.Combobox, new() { Name = "Search orders" });

    public async ValueTask DisposeAsync()
    {
        await Page.Context.DisposeAsync();
        Assert.Empty(_errors);
    }
}
