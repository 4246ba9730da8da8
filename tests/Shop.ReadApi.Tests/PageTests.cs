using System.Net;
using System.Text.RegularExpressions;
using Shop.LocalServers.Machines;

namespace Shop.ReadApi.Tests;

public sealed partial class PageTests(OnPostgreSql fixture) : IClassFixture<OnPostgreSql>
{
    private static readonly string Root = Path.Combine(Checkout.Root, "Shop.ReadApi", "wwwroot");

    [SkippableFact]
    public async Task A_browser_that_opens_an_order_gets_the_page_and_a_client_the_order()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("opened", version: 1);
        await app.ApplyAsync(order);

        using var page = await SendAsync($"/orders/{order.Id}", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var item = await SendAsync($"/orders/{order.Id}", "*/*");
        using var upper = await SendAsync($"/orders/{order.Id}", "TEXT/HTML");
        using var refused = await SendAsync($"/orders/{order.Id}", "text/html;q=0, */*");
        using var none = await SendAsync($"/orders/{order.Id}%20", "text/html");
        using var search = await SendAsync("/orders/search", "text/html");

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", page.Headers.Vary);
        Assert.Equal("application/json", item.Content.Headers.ContentType?.MediaType);
        Assert.Contains("Accept", item.Headers.Vary);
        Assert.Equal("text/html", upper.Content.Headers.ContentType?.MediaType);
        Assert.Equal("application/json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
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

    [SkippableFact]
    public async Task The_first_view_takes_less_than_100_KB_and_its_modules_are_found_at_once()
    {
        using var page = await SendAsync("/", "text/html");
        var html = await page.Content.ReadAsStringAsync();
        var linked = Linked.Matches(html).Select(match => match.Groups[1].Value).ToHashSet();
        var all = Directory.EnumerateFiles(Root, "*.*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
            .Where(file => file is not ("index.html" or "lib/LICENSES.txt"));
        var modules = Reach("app.js", []);

        var sizes = new Dictionary<string, int>();
        foreach (var file in all)
        {
            using var response = await SendAsync($"/page/0/{file}", "*/*", ("Accept-Encoding", "br"));
            sizes[file] = (await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync()).Length;
        }

        Assert.Superset(modules, linked);
        Assert.InRange(linked.Sum(file => sizes[file]), 10_000, 100_000);
        Assert.InRange(sizes.Values.Sum(), 10_000, 150_000);
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

    /// <summary>The module and everything that it imports before it runs.</summary>
    private static HashSet<string> Reach(string module, HashSet<string> reached)
    {
        if (!reached.Add(module))
            return reached;

        foreach (Match import in Imported.Matches(File.ReadAllText(Path.Combine(Root, module))))
        {
            var path = Path.GetFullPath(Path.Combine(Root, Path.GetDirectoryName(module)!, import.Groups[1].Value));
            Reach(Path.GetRelativePath(Root, path).Replace('\\', '/'), reached);
        }

        return reached;
    }

    [GeneratedRegex("(?:href|src)=\"/page/[0-9a-f]+/([^\"]+)\"")]
    private static partial Regex Linked { get; }

    [GeneratedRegex("""(?:^(?:import|export) .* from|^import|\bfrom) ?['"](\.[^'"]+)['"]""", RegexOptions.Multiline)]
    private static partial Regex Imported { get; }

    [GeneratedRegex("<script>|<style|style=| on[a-z]+=")]
    private static partial Regex Inline { get; }

    [GeneratedRegex("<script type=\"module\" src=\"([^\"]+)\"")]
    private static partial Regex ScriptPath { get; }
}
