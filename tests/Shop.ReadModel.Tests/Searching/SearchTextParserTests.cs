using FsCheck.Xunit;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Searching;

public sealed class SearchTextParserTests
{
    [Theory]
    [InlineData(null, "", null, "")]
    [InlineData("  ", "", null, "")]
    [InlineData("lamp", "", "lamp", "")]
    [InlineData("red lamp", "red", "lamp", "")]
    [InlineData("\"red lamp\" desk", "red lamp", "desk", "")]
    [InlineData("desk \"red lamp\"", "desk|red lamp", null, "")]
    [InlineData("desk \"red lamp", "desk|red lamp", null, "")]
    [InlineData("lamp -desk", "lamp", null, "desk")]
    [InlineData("-desk lamp", "", "lamp", "desk")]
    [InlineData("-\"red desk\" wi-fi", "", "wi-fi", "red desk")]
    [InlineData("a\"b\"c", "a|b", "c", "")]
    [InlineData("- * lamp", "", "lamp", "")]
    [InlineData("pe\u0301rez", "", "pérez", "")]
    public void A_text_is_split_into_terms_and_exclusions(string? text, string terms, string? prefix, string excluded)
    {
        var parsed = SearchTextParser.Parse(text, out var isCut);

        Assert.False(isCut);
        Assert.Equal(terms, string.Join('|', parsed.Terms));
        Assert.Equal(prefix, parsed.Prefix);
        Assert.Equal(excluded, string.Join('|', parsed.Excluded));
    }

    [Property(MaxTest = 500)]
    public bool Any_text_has_a_bounded_meaning(string? text)
    {
        var parsed = SearchTextParser.Parse(text, out _);
        string[] all = [.. parsed.Terms, .. parsed.Excluded, .. parsed.Prefix is { } prefix ? [prefix] : (string[])[]];
        return all.Length <= SearchTextParser.MaxTerms && all.All(term => TextAnalyzer.CountWords(term) > 0)
            && all.Sum(TextAnalyzer.CountWords) <= SearchTextParser.MaxWords;
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_and_reported()
    {
        var many = SearchTextParser.Parse(string.Join(' ', Enumerable.Repeat("a", 51)), out var isManyCut);
        var enough = SearchTextParser.Parse(string.Join(' ', Enumerable.Repeat("a", 50)), out var isEnoughCut);
        SearchTextParser.Parse(new string('a', 1_001), out var isLongCut);

        Assert.Equal((true, false, true), (isManyCut, isEnoughCut, isLongCut));
        Assert.Equal(50, many.Terms.Count);
        Assert.Equal(49, enough.Terms.Count);
    }
}
