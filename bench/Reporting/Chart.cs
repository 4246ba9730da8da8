using System.Globalization;
using System.Text;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Reporting;

/// <summary>Bars on a logarithmic scale as an SVG in docs/images, readable on light and dark pages.</summary>
internal static class Chart
{
    private const int Left = 190;
    private const int Width = 560;
    private const int Bar = 10;
    private static readonly string[] Colours = ["#2f7ed8", "#d97706"];

    public static async Task WriteAsync(
        string name, string title, IEnumerable<(string Name, (string Arm, double P50, double P99)[] Bars)> groups, CancellationToken cancellationToken)
    {
        var all = groups.ToList();
        var least = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(0.01, all.Min(group => group.Bars.Min(bar => bar.P50))))));
        var most = all.Max(group => group.Bars.Max(bar => bar.P99));
        var (svg, y) = (new StringBuilder(), 40);
        foreach (var (group, bars) in all)
        {
            Text(svg, Left - 8, y + Bar + 4, "end", group);
            foreach (var (i, (arm, p50, p99)) in bars.Index())
            {
                var colour = Colours[i % Colours.Length];
                Rectangle(svg, y, X(p99), colour, 0.35, $"{group}, {arm}: p99 {p99:0.##} ms");
                Rectangle(svg, y, X(p50), colour, 1, $"{group}, {arm}: p50 {p50:0.##} ms");
                y += Bar + 1;
            }

            y += 8;
        }

        for (var tick = least; tick <= most; tick *= 10)
        {
            var x = Left + X(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1='{x:0}' x2='{x:0}' y1='34' y2='{y}' stroke='#888' stroke-width='.5'/>\n");
            Text(svg, x, y + 14, "middle", tick.ToString("0.##", CultureInfo.InvariantCulture));
        }

        Text(svg, 8, 16, "start", title);
        var document = $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Left + Width + 40} {y + 24}" font-family="sans-serif" font-size="11" fill="#777">
            {svg.ToString().Replace('\'', '"')}</svg>

            """;
        var path = Path.Combine(Checkout.Root, "docs", "images", $"{name}.svg");
        await File.WriteAllTextAsync(path, document.ReplaceLineEndings("\n"), cancellationToken);

        double X(double value) => Width * Math.Log(Math.Max(value, least) / least) / Math.Log(most / least);
    }

    private static void Rectangle(StringBuilder svg, int y, double width, string colour, double opacity, FormattableString title) =>
        svg.Append(CultureInfo.InvariantCulture,
            $"<rect x='{Left}' y='{y}' width='{Math.Max(1, width):0.#}' height='{Bar}' fill='{colour}' fill-opacity='{opacity}'><title>{FormattableString.Invariant(title)}</title></rect>\n");

    private static void Text(StringBuilder svg, double x, double y, string anchor, string text) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x='{x:0}' y='{y:0}' text-anchor='{anchor}'>{System.Net.WebUtility.HtmlEncode(text)}</text>\n");
}
