using FsCheck.Xunit;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Searching;

public sealed class TextTokenizerTests
{
    // What Elasticsearch's standard tokenizer with lowercase and asciifolding answers to _analyze.
    [Theory]
    [InlineData("The 2 QUICK Brown-Foxes jumped", "the 2 quick brown foxes jumped")]
    [InlineData("the lazy dog's bone.", "the lazy dog's bone")]
    [InlineData("john.smith@global-international.com", "john.smith global international.com")]
    [InlineData("1,299.50 and 3.5mm", "1,299.50 and 3.5mm")]
    [InlineData("a.b. c,d 1.a", "a.b c d 1 a")]
    [InlineData("foo_bar __ _x", "foo_bar _x")]
    [InlineData("Straße Đức Łódź Œuvre", "strasse duc lodz oeuvre")]
    [InlineData("東京タワー ひらがな", "東 京 タワー ひ ら が な")]
    [InlineData("한국어 Ελλάδα", "한국어 ελλαδα")]
    [InlineData("e\u0301a soft\u00ADhyphen", "ea soft\u00ADhyphen")]
    [InlineData("C++ (2nd) 👍", "c 2nd")]
    public void Words_are_found_and_folded(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', TextTokenizer.Tokenize(text).Select(token => token.Folded)));

    [Property(MaxTest = 500)]
    public bool Tokens_lie_in_the_text_one_after_another(string text)
    {
        var end = 0;
        foreach (var token in TextTokenizer.Tokenize(text ?? ""))
        {
            if (token.Start < end || token.Length <= 0 || token.Folded.Length is 0 or > 300)
                return false;

            end = token.Start + token.Length;
        }

        return end <= (text?.Length ?? 0);
    }

    [Property(MaxTest = 500)]
    public bool Folding_twice_is_folding_once(string text)
    {
        var once = TextFolding.Fold(text ?? "");
        return TextFolding.Fold(once) == once;
    }

    [Fact]
    public void A_word_without_end_is_cut_into_several() =>
        Assert.Equal([255, 255, 90], TextTokenizer.Tokenize(new('x', 600)).Select(token => token.Length));
}
