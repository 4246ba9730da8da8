using System.Text;
using FsCheck.Xunit;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Searching;

public sealed class TextAnalyzerTests
{
    // Parts, with the joined word in brackets before them and another spelling after a stroke.
    [Theory]
    [InlineData("The 2 QUICK foxes jumped.", "the 2 quick foxes jumped")]
    [InlineData("dog's wi-fi", "[dogs] dog s [wifi] wi fi")]
    [InlineData("usb_c_cable __ _x", "[usbccable] usb c cable x")]
    [InlineData("500ml WH-1000XM4", "[500ml] 500 ml [wh1000xm4] wh 1000 xm 4")]
    [InlineData("1,299.50 a--b c, d", "[129950] 1 299 50 a b c d")]
    [InlineData("Müller Straße Đức Łódź", "muller|mueller strasse duc lodz")]
    [InlineData("Møller A\u0308 e\u0308", "moller|moeller a|ae e")]
    [InlineData("Ålesund a\u030A u\u030A", "alesund|aalesund a|aa u")]
    [InlineData("5½ ⅓ m²", "5 1 2 1 3 [m2] m 2")]
    [InlineData("ジャン・クロード", "[シ\u3099ャンクロート\u3099] シ\u3099ャン クロート\u3099")]
    [InlineData("בע\"מ 5\" ב\"", "[בעמ] בע מ 5 ב")]
    [InlineData("東京タワー ひらUSBケーブル65インチ", "東 京 タワー ひ ら usb ケーフ\u3099ル 65 インチ")]
    [InlineData("ΓΙΏΡΓΟΣ Γιώργος ſs", "γιωργοσ γιωργοσ ss")]
    [InlineData("soft\u00ADhy\u200Bphen LEGO™ m²", "softhyphen lego [m2] m 2")]
    [InlineData("٣٤ ५", "34 5")]
    [InlineData("١٬٢٩٩٫٥٠", "[129950] 1 299 50")]
    [InlineData("C++ (2nd) 👍", "c [2nd] 2 nd")]
    public void Words_are_split_and_folded(string text, string expected) => Assert.Equal(
        expected,
        string.Join(' ', TextAnalyzer.Analyze(text).Select(token =>
            (token.IsJoined ? $"[{token.Text}]" : token.Text) + (token.Expanded is { } other ? $"|{other}" : ""))));

    [Property(MaxTest = 500)]
    public bool Parts_lie_in_the_text_one_after_another(string? text)
    {
        var (position, start) = (0, 0);
        foreach (var token in TextAnalyzer.Analyze(text ?? "").Where(token => !token.IsJoined))
        {
            if (token.Position != position++ || token.Start < start || token.End <= token.Start
                || token.End > text!.Length || token.Text.Length == 0)
            {
                return false;
            }

            start = token.Start;
        }

        return true;
    }

    [Property(MaxTest = 500)]
    public bool Folding_twice_is_folding_once(string? text)
    {
        var once = TextFolding.Fold(text ?? "");
        return TextFolding.Fold(once) == once;
    }

    [Fact]
    public void Composed_and_decomposed_characters_fold_alike()
    {
        var different = Enumerable.Range(0x20, 0x2FA20 - 0x20)
            .Where(Rune.IsValid)
            .Where(codePoint => (codePoint & 0xFFFE) != 0xFFFE && codePoint is < 0xFDD0 or > 0xFDEF)
            .Select(char.ConvertFromUtf32)
            .Where(text => TextFolding.Fold(text) != TextFolding.Fold(text.Normalize(NormalizationForm.FormD)));

        Assert.Empty(different.Select(text => $"{char.ConvertToUtf32(text, 0):X}"));
    }

    [Fact]
    public void A_very_long_word_is_split_into_several() =>
        Assert.Equal([255, 255, 90], TextAnalyzer.Analyze(new('x', 600)).Select(token => token.Text.Length));
}
