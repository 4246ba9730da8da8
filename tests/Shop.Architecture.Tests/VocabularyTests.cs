using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests;

/// <summary>Words that the glossary has replaced do not come back, in code, routes, messages or documents.</summary>
public sealed partial class VocabularyTests
{
    private static readonly string[] Extensions = [".cs", ".md", ".html", ".js", ".csproj"];
    private static readonly string[] Generated = ["bin", "obj", "node_modules", "artifacts", ".git", "Migrations"];

    [Fact]
    public void Replaced_words_do_not_come_back()
    {
        var found =
            from file in Directory.EnumerateFiles(DocumentationTests.Root, "*", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(DocumentationTests.Root, file)
            where Extensions.Contains(Path.GetExtension(file)) && Path.GetFileName(file) != "VocabularyTests.cs"
            where !path.Split(Path.DirectorySeparatorChar).Any(Generated.Contains)
            from line in File.ReadLines(file).Index()
            where Replaced().IsMatch(line.Item) || ReplacedInNames().IsMatch(line.Item)
            select $"{path}:{line.Index + 1}: {line.Item.Trim()}";

        Assert.Empty(found);
    }

    // handmade-tuned and --no-audit are names that others gave.
    [GeneratedRegex(
        @"\b(un)?parked\b|\bparking\b|(?<!--no-)\baudit(s|ed|or|ing)?\b|\bhand-made\b|\bhandmade\b(?!-tuned)"
        + @"|\b(is|are|was|were) told\b|\b(hears|heard|deaf|wholes)\b|\bpublished prefix\b|\bkept answers?\b"
        + @"|\bboth copies\b|\bnot understood\b|\bno argument of\b|\bcursor that is none\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Replaced();

    // Inside longer names, where no word ends.
    [GeneratedRegex("Audit|Parked|HandMade|OrderState(?!s)|JsonForm|VersionGaps|/parked|/audit|/copies")]
    private static partial Regex ReplacedInNames();
}
