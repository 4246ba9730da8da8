using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using Shop.EndToEnd.Tests.Hosting;
using Shop.LocalServers.Machines;
using Shop.Testing;

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
        await ReconcileAsync(folder, projector);
        await SignInAsync(folder, read, order);
    }

    /// <returns>The id of the order.</returns>
    private static async Task<Guid> WalkAsync(ShopFolder folder, HttpClient write, HttpClient read)
    {
        var support = await TokenAsync(folder, "--role", "support");
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
            { ValueKind: JsonValueKind.Object } last && last.GetProperty("orders").GetInt64() == 1,
            "the projector has read the feeds",
            TimeSpan.FromSeconds(60));
    }

    private static async Task SignInAsync(ShopFolder folder, HttpClient read, Guid orderOfAda)
    {
        var (issuer, redirect) = ($"http://localhost:{folder.PortBase + 7}", $"http://localhost:{folder.PortBase + 2}/");
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var challenge = Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
            .TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var address = $"{issuer}/connect/authorize?client_id=shop-page&response_type=code&scope=openid+profile+shop"
            + $"&redirect_uri={Uri.EscapeDataString(redirect)}&code_challenge={challenge}&code_challenge_method=S256&state=s1";

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await Chromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync();
        page.SetDefaultTimeout(60_000);
        List<string> violations = [];
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal))
                violations.Add(message.Text);
        };
        await page.GotoAsync(address);
        await page.GetByLabel("Name").FillAsync("duc");
        await page.GetByLabel("Password").FillAsync("wrong");
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await page.GetByLabel("Name").FillAsync("duc");
        await page.GetByLabel("Password").FillAsync(
            await File.ReadAllTextAsync(Path.Combine(folder.Path, "sign-in.password")));
        await page.GetByRole(AriaRole.Button).ClickAsync();
        await page.WaitForURLAsync(url => url.StartsWith(redirect, StringComparison.Ordinal));

        Assert.Empty(violations);
        var returned = System.Web.HttpUtility.ParseQueryString(new Uri(page.Url).Query);
        Assert.Equal("s1", returned["state"]);
        var token = await ExchangeAsync(issuer, redirect, returned["code"]!, verifier);
        Assert.Equal(0, (await SendAsync(read, token, HttpMethod.Get, "/orders/search"))
            .GetProperty("total").GetProperty("value").GetInt64());
        using var foreign = await RequestAsync(read, token, HttpMethod.Get, $"/orders/{orderOfAda}");
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    private static async Task<string> ExchangeAsync(string issuer, string redirect, string code, string verifier)
    {
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "shop-page",
            ["redirect_uri"] = redirect,
            ["code"] = code,
            ["code_verifier"] = verifier,
        });
        using var response = await http.PostAsync(new Uri($"{issuer}/connect/token"), form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(response.IsSuccessStatusCode, answer.GetRawText());
        var token = answer.GetProperty("access_token").GetString()!;
        var payload = token.Split('.')[1].Replace('-', '+').Replace('_', '/');
        var claims = JsonElement.Parse(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '=')));
        Assert.Equal(Duc, claims.GetProperty("customer_id").GetString());
        return token;
    }

    private static async Task<string> TokenAsync(ShopFolder folder, params string[] arguments)
    {
        // As in the README, but without a build.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "run", "-v", "quiet", "--no-build", "-c", configuration, "--project", "Shop.AppHost", "--", "token",
                .. arguments, "--data", folder.Path, "--port-base", $"{folder.PortBase}",
            ])
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
