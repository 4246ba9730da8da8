using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Shop.ReadModel.Searching;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Tests.Elasticsearch;

/// <summary>The index has the tokens that our own analyzer finds, which is what searches ask for.</summary>
public sealed class AnalysisTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    private const int Texts = 1_000;

    [SkippableFact]
    public async Task Elasticsearch_finds_the_same_tokens_in_any_text()
    {
        await using var store = await stores.CreateElasticsearchAsync();
        var random = new Random(4711);
        // The Java of version 8 does not know the letters of the newest Unicode.
        var version = (string)(await store.SendAsync(HttpMethod.GET, "/")).Json["version"]!["number"]!;
        var isRecent = !version.StartsWith("8.", StringComparison.Ordinal);
        string[] texts = [.. Enumerable.Range(0, Texts).Select(_ => RandomText(random, isRecent))];

        var found = await AnalyzeAsync(store, texts, "words");

        Assert.All(texts.Zip(found), pair => Assert.Equal(Expected(pair.First), pair.Second));
    }

    [SkippableFact]
    public async Task Elasticsearch_finds_the_same_phone_numbers_in_any_text()
    {
        await using var store = await stores.CreateElasticsearchAsync();
        var random = new Random(4712);
        string[] parts =
            ["0", "00", "+", "49", "(0)", "30", "123", "4567", " ", " ", "-", "/", ".", "(", ")", ",", ":", "a", "Ä", "電",
                "_", "٣", "٬", "٫", "１", "2025-06-01", "１.2.2025", "1.234,56", "𝟗"];
        string[] texts = [.. Enumerable.Range(0, Texts / 4)
            .Select(_ => string.Concat(random.GetItems(parts, random.Next(4, 16))))];

        var found = await AnalyzeAsync(store, texts, "numbers");

        Assert.All(texts.Zip(found), pair => Assert.Equal(Numbers(pair.First), pair.Second));
        Assert.InRange(found.Count(numbers => numbers.Length > 0), Texts / 40, Texts / 4);
    }

    private static string RandomText(Random random, bool isRecent)
    {
        const string Likely = "aäou\u0308\u030AåAÜßñ'’-_.,/ 019\u0301\u200B東京ケーブル・ーｶﾞ½בע\"״σςع\u064B٣٬٫क\u093C한\u1112ไทย้ \U00010414";
        return string.Concat(Enumerable.Range(0, random.Next(1, 20)).Select(_ => random.Next(4) switch
        {
            0 when isRecent => char.ConvertFromUtf32(Assigned(random)),
            _ => Pick(Likely, random),
        }));
    }

    private static string Pick(string from, Random random)
    {
        var runes = from.EnumerateRunes().ToList();
        return runes[random.Next(runes.Count)].ToString();
    }

    private static int Assigned(Random random)
    {
        while (true)
        {
            var codePoint = random.Next(random.Next(3) == 0 ? 0x323B0 : 0x3000);
            if (Rune.TryCreate(codePoint, out var rune) && Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.Control
                or UnicodeCategory.PrivateUse))
            {
                return codePoint;
            }
        }
    }

    private static string Numbers(string text) => string.Join(
        ' ', PhoneNumbers.In(text).SelectMany(number => number.Digits).Order(StringComparer.Ordinal));

    private static string Expected(string text) => string.Join(' ', TextAnalyzer.Analyze(text)
        .SelectMany(token => token.Expanded is { } expanded ? (string[])[token.Text, $"~{expanded}"] : [token.Text])
        .Order(StringComparer.Ordinal));

    private static async Task<List<string>> AnalyzeAsync(ElasticsearchStore store, string[] texts, string analyzer)
    {
        List<string> found = [];
        foreach (var text in texts)
        {
            var body = new JsonObject { ["analyzer"] = analyzer, ["text"] = text };
            var answer = await store.SendAsync(HttpMethod.POST, $"/{store.Alias}/_analyze", body.ToJsonString());
            found.Add(string.Join(' ', answer.Json["tokens"]!.AsArray()
                .Select(token => (string)token!["token"]!).Order(StringComparer.Ordinal)));
        }

        return found;
    }
}
