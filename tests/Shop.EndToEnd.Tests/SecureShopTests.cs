using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using Shop.EndToEnd.Tests.Page;
using Shop.LocalServers.Machines;
using Shop.Testing;
using static Microsoft.Playwright.Assertions;

namespace Shop.EndToEnd.Tests;

/// <summary>The host with <c>--secure</c>: a token for everything, from the sample sign-in.</summary>
public sealed class SecureShopTests
{
    private const string Duc = "c323f6fa-2804-84a7-a3d6-a1f332e6c366";

    [Fact]
    public async Task With_secure_the_walk_needs_tokens_and_people_sign_in_in_a_browser()
    {
        using var folder = new ShopFolder();
        await using var host = await HostProcess.StartReadyAsync([.. folder.Arguments, "--secure"]);
        using var write = Client(folder, 1);
        using var read = Client(folder, 2);
        using var projector = Client(folder, 3);

        Assert.Equal(HttpStatusCode.Unauthorized, (await read.GetAsync("/orders/search")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await write.GetAsync("/internal/orders/versions")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await projector.GetAsync("/status")).StatusCode);

        var order = await WalkAsync(folder, write, read);
        await ImportAsync(folder, write, read);
        await ReconcileAsync(folder, projector);
        await SignInAsync(folder, order);
    }

    /// <returns>The id of the order.</returns>
    private static async Task<Guid> WalkAsync(ShopFolder folder, HttpClient write, HttpClient read)
    {
        var support = await TokenOfReadmeAsync(folder, "--role", "support");
        var ada = (await SendAsync(
            write, support, HttpMethod.Post, "/customers",
            new { name = "Ada Lovelace", email = "ada@example.com", country = "GB" })).GetProperty("id").GetGuid();
        var token = await TokenAsync(folder, "--role", "customer", "--customer", $"{ada}");
        var sku = (await SendAsync(write, token, HttpMethod.Get, "/products?limit=1"))[0].GetProperty("sku").GetString();
        var placed = await SendAsync(write, token, HttpMethod.Post, "/orders", new
        {
            customerId = ada,
            lines = new[] { new { sku, quantity = 1 } },
            shippingAddress = new
            {
                recipient = "Ada",
                street = "12 St James's Square",
                postalCode = "SW1Y 4JH",
                city = "London",
                country = "GB",
            },
        });
        var id = placed.GetProperty("id").GetGuid();
        await SendAsync(
            write, token, HttpMethod.Post, $"/orders/{id}/pay", new { method = "card", reference = "pay-4711" });

        var toAda = await SendAsync(read, token, HttpMethod.Get, $"/orders/{id}?waitFor={id}:2&waitTimeoutMs=10000");
        var toSupport = await SendAsync(read, support, HttpMethod.Get, $"/orders/{id}");
        Assert.DoesNotContain("\"by\"", toAda.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("customer", toSupport.GetProperty("timeline")[1].GetProperty("by").GetProperty("role").GetString());

        var other = await TokenAsync(folder, "--role", "customer", "--customer", $"{Guid.CreateVersion7()}");
        using var foreign = await RequestAsync(read, other, HttpMethod.Get, $"/orders/{id}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        using var pay = await RequestAsync(
            write, other, HttpMethod.Post, $"/orders/{id}/cancel", new { reason = "Not mine." });
        Assert.Equal(HttpStatusCode.NotFound, pay.StatusCode);
        return id;
    }

    // The projector gets a token of its own for the feeds.
    private static async Task ReconcileAsync(ShopFolder folder, HttpClient projector)
    {
        var token = await TokenAsync(folder, "--role", "operator");
        await SendAsync(projector, token, HttpMethod.Post, "/reconcile");
        await Eventually.HoldsAsync(
            async () => (await SendAsync(projector, token, HttpMethod.Get, "/reconcile")).GetProperty("last") is
            { ValueKind: JsonValueKind.Object } last && last.GetProperty("orders").GetInt64() == 2,
            "the projector has read the feeds",
            TimeSpan.FromSeconds(60));
    }

    /// <summary>An order of the customer who signs in, because the shop has no sample orders.</summary>
    private static async Task ImportAsync(ShopFolder folder, HttpClient write, HttpClient read)
    {
        var imported = await SendAsync(
            write, await TokenAsync(folder, "--role", "operator"), HttpMethod.Post, "/orders/import", new
            {
                key = "secure-1",
                customer = new { name = "Đức Nguyễn", email = "duc.nguyen0@example.com", country = "DE" },
                lines = new[]
                {
                    new
                    {
                        sku = "OLD-1",
                        name = "Lamp",
                        category = "Lighting",
                        quantity = 1,
                        unitPrice = new { amount = 100, currency = "EUR" },
                    },
                },
                shippingAddress = new
                {
                    recipient = "Đức Nguyễn",
                    street = "Lange Straße 7",
                    postalCode = "10115",
                    city = "Berlin",
                    country = "DE",
                },
                placedAt = "2024-01-01T00:00:00Z",
                status = "placed",
            });
        var id = imported.GetProperty("id").GetGuid();
        var order = await SendAsync(
            read, await TokenAsync(folder, "--role", "customer", "--customer", Duc), HttpMethod.Get,
            $"/orders/{id}?waitFor={id}:1&waitTimeoutMs=10000");
        Assert.Equal(Duc, order.GetProperty("customer").GetProperty("id").GetString());
    }

    private static async Task SignInAsync(ShopFolder folder, Guid orderOfAda)
    {
        var address = $"http://localhost:{folder.PortBase + 2}";
        var password = await File.ReadAllTextAsync(Path.Combine(folder.Path, "sign-in.password"));
        SetDefaultExpectTimeout(30_000);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var context = await browser.NewContextAsync(new() { Locale = "en-GB" });
        context.SetDefaultTimeout(60_000);
        await using var shop = new ShopPage(await context.NewPageAsync(), expectsFailures: true);
        var page = shop.Page;
        ConcurrentQueue<string> refused = [];
        page.Response += (_, response) =>
        {
            if (response.Status is 401 or 403)
                refused.Enqueue($"{response.Status} {response.Url}");
        };

        // The page sends the browser to the sign-in, and has the same view afterwards.
        await page.GotoAsync($"{address}/?status=placed");
        await EnterAsync(page, "duc", "wrong");
        await Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await EnterAsync(page, "duc", password);
        await Expect(page.Locator(".person")).ToContainTextAsync("Đức Nguyễn");
        await Expect(page).ToHaveURLAsync($"{address}/?status=placed");
        await Expect(shop.Results).ToHaveCountAsync(1);
        await Expect(shop.Results).ToContainTextAsync("Đức Nguyễn");
        await shop.Results.First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Pay", Exact = true })).ToBeVisibleAsync();
        await page.GotoAsync($"{address}/orders/{orderOfAda}");
        await Expect(page.GetByText($"There is no order {orderOfAda}")).ToBeVisibleAsync();
        await WatchPipelineAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await EnterAsync(page, "sam", password);
        await Expect(page.Locator(".person")).ToContainTextAsync("Sam, support");
        await Expect(shop.Results).ToHaveCountAsync(2);
        await page.GotoAsync($"{address}/orders/{orderOfAda}");
        await Expect(page.Locator(".timeline")).ToContainTextAsync("customer");
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ship" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Cancel order" })).ToHaveCountAsync(0);
        await WatchPipelineAsync(page);
        Assert.Empty(refused);
    }

    private static async Task EnterAsync(IPage page, string name, string password)
    {
        await page.GetByLabel("Name").FillAsync(name);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    // The view looks at every part once a second, but only at what the person may see.
    private static async Task WatchPipelineAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Pipeline" }).First.ClickAsync();
        await Expect(page.GetByText("The figures are for operators.")).ToBeVisibleAsync();
        for (var looks = 0; looks < 2; looks++)
            await page.WaitForResponseAsync(response => response.Url.EndsWith("/health/lag", StringComparison.Ordinal));
    }

    // As in the README, but without a build.
    private static Task<string> TokenOfReadmeAsync(ShopFolder folder, params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return TokenAsync(
            folder,
            ["dotnet", "run", "-v", "quiet", "--no-build", "-c", configuration, "--project", "Shop.AppHost", "--"],
            arguments);
    }

    private static Task<string> TokenAsync(ShopFolder folder, params string[] arguments) =>
        TokenAsync(folder, [Checkout.Program("Shop.AppHost")], arguments);

    private static async Task<string> TokenAsync(ShopFolder folder, string[] program, string[] arguments)
    {
        var start = new ProcessStartInfo(
            program[0],
            [.. program[1..], "token", .. arguments, "--data", folder.Path, "--port-base", $"{folder.PortBase}"])
        {
            WorkingDirectory = Checkout.Root,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var token = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return Assert.Single(token.Split('\n', StringSplitOptions.RemoveEmptyEntries)).Trim();
    }

    private static HttpClient Client(ShopFolder folder, int port) =>
        new() { BaseAddress = new Uri($"http://localhost:{folder.PortBase + port}") };

    private static async Task<JsonElement> SendAsync(
        HttpClient http, string token, HttpMethod method, string path, object? body = null)
    {
        using var response = await RequestAsync(http, token, method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private static async Task<HttpResponseMessage> RequestAsync(
        HttpClient http, string token, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await http.SendAsync(request);
    }
}
