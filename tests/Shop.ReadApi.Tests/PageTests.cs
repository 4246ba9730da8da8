using System.Net;
using System.Text.RegularExpressions;

namespace Shop.ReadApi.Tests;

public sealed partial class PageTests(OnPostgreSql fixture) : IClassFixture<OnPostgreSql>
{
    [SkippableFact]
    public async Task A_browser_that_opens_an_order_gets_the_page_and_a_client_the_order()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("opened", version: 1);
        await app.ApplyAsync(order);

        using var page = await SendAsync($"/orders/{order.Id}", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var item = await SendAsync($"/orders/{order.Id}", "*/*");
        using var search = await SendAsync("/orders/search", "text/html");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", page.Headers.Vary);
        Assert.Equal("application/json", item.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", item.Headers.Vary);
        Assert.Equal("application/json", search.Content.Headers.ContentType?.MediaType);
    }

    [SkippableTheory]
    [InlineData("/")]
    [InlineData("/new")]
    [InlineData("/pipeline")]
    public async Task The_page_allows_no_inline_code_and_no_frame(string view)
    {
        using var page = await SendAsync(view, "text/html");

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'; require-trusted-types-for 'script'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(Inline, await page.Content.ReadAsStringAsync());
        using var again = await SendAsync(view, "text/html", ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [SkippableFact]
    public async Task Files_are_compressed_and_kept_under_the_hash_of_their_content_only()
    {
        using var page = await SendAsync("/", "text/html");
        var script = ScriptPath.Match(await page.Content.ReadAsStringAsync()).Groups[1].Value;

        using var file = await SendAsync(script, "*/*", ("Accept-Encoding", "br"));
        using var old = await SendAsync(script.Replace(script.Split('/')[2], "0000", StringComparison.Ordinal), "*/*");
        using var missing = await SendAsync("/page/0000/nothing.js", "*/*");
        using var outside = await SendAsync("/page/0000/..%2f..%2fappsettings.json", "*/*");

        Assert.Equal("text/javascript", file.Content.Headers.ContentType?.MediaType);
        Assert.Contains("br", file.Content.Headers.ContentEncoding);
        Assert.Equal("public, max-age=31536000, immutable", string.Join(", ", file.Headers.GetValues("Cache-Control")));
        Assert.True(old.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [SkippableTheory]
    [InlineData("/orders/search")]
    [InlineData("/orders/search?size=x")]
    [InlineData("/nothing")]
    [InlineData("/health/live")]
    public async Task Every_response_forbids_sniffing_and_frames_and_other_origins(string path)
    {
        using var response = await SendAsync(path, "*/*", ("Origin", "https://elsewhere.example"));

        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Contains(
            "frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> SendAsync(
        string path, string accept, params (string Name, string Value)[] headers)
    {
        var app = await fixture.GetAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Client.SendAsync(request);
    }

    [GeneratedRegex("<script>|<style|style=| on[a-z]+=")]
    private static partial Regex Inline { get; }

    [GeneratedRegex("<script type=\"module\" src=\"([^\"]+)\"")]
    private static partial Regex ScriptPath { get; }
}
