using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests;

public sealed partial class DocumentationTests
{
    internal static readonly string Root = FindRoot();

    private static readonly Lazy<string> Tests = new(() => string.Concat(Directory
        .EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)));

    public static TheoryData<string> Documents =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path)),
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_link_to_a_file_leads_to_one(string document)
    {
        var path = Path.Combine(Root, document);

        var broken = LinkTarget().Matches(File.ReadAllText(path))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal))
            .Where(target => !Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, target)));

        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_test_that_a_document_names_exists(string document)
    {
        var unknown = TestName().Matches(File.ReadAllText(Path.Combine(Root, document)))
            .Select(match => match.Groups["name"].Value)
            .Where(name => !IsVariable(name) && !Tests.Value.Contains($" {name}(", StringComparison.Ordinal))
            .Distinct();

        Assert.Empty(unknown);
    }

    // Of the environment.
    private static bool IsVariable(string name) =>
        !name.Any(char.IsLower) || name.StartsWith("DOTNET_", StringComparison.Ordinal);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Shop.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Shop.sln was not found.");
        return folder;
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex LinkTarget();

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,})`")]
    private static partial Regex TestName();
}
