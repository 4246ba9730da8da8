using System.Text;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Reporting;

/// <summary>A table on the console, and in docs/benchmarks.md between the markers of its benchmark.</summary>
internal sealed class Report(string name, string command)
{
    private readonly StringBuilder _text = new();

    public void Line(string text = "") => _text.Append(text).Append('\n');

    public void Row(params ReadOnlySpan<object> cells)
    {
        foreach (var cell in cells)
            _text.Append("| ").Append(cell).Append(' ');
        Line("|");
    }

    public void Header(params ReadOnlySpan<string> names)
    {
        foreach (var column in names)
            _text.Append("| ").Append(column).Append(' ');
        Line("|");
        foreach (var _ in names)
            _text.Append("|---");
        Line("|");
    }

    /// <summary>
    /// Prints what was written; with <paramref name="save"/> it replaces the benchmark's part of the document.
    /// </summary>
    public async Task PublishAsync(bool save, CancellationToken cancellationToken)
    {
        Console.WriteLine();
        Console.WriteLine(_text.ToString());
        if (!save)
            return;

        var path = Path.Combine(Checkout.Root, "docs", "benchmarks.md");
        var document = await File.ReadAllTextAsync(path, cancellationToken);
        var (begin, end) = ($"<!-- {name}:begin -->", $"<!-- {name}:end -->");
        var from = document.IndexOf(begin, StringComparison.Ordinal);
        var to = document.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from)
            throw new InvalidOperationException($"{path} does not contain the lines {begin} and {end}.");
        var part = $"{begin}\n`{command}`\n\n{_text.ToString().Trim()}\n";
        await File.WriteAllTextAsync(path, document[..from] + part + document[to..], cancellationToken);
        Console.WriteLine($"Written to {path}");
    }
}
