using System.Globalization;
using System.Text;

namespace Shop.EndToEnd.Tests.Generated;

/// <summary>Values of all kinds: text from every block of Unicode, times of every form, numbers at the edges.</summary>
internal sealed class GeneratedValues(Random random)
{
    private const int LastPlane = 0x10FFFF;
    private static readonly string[] Offsets =
        ["Z", "z", "+00:00", "-00:00", "+05:45", "-12:00", "+14:00", "+23:59", "-23:59"];

    private static readonly string[] OddOffsets = ["", "+24:00", "+0100", " 01:00", "Z\n"];

    private static readonly long[] Numbers =
        [0, 1, 2, 99, 10_000, 10_001, 999_999_999_999_999, 1_000_000_000_000_000, long.MaxValue, -1, long.MinValue];

    /// <summary>Runes of one block and now and then of another, up to a length around the limits.</summary>
    public string Text(int usual)
    {
        var length = random.Next(20) == 0 ? usual + random.Next(-1, 2) : random.Next(1, Math.Min(usual, 40));
        var block = random.Next(LastPlane >> 7) << 7;
        var text = new StringBuilder();
        while (text.Length < length)
        {
            var start = random.Next(4) == 0 ? Pick(0x20, 0x80, 0x3040, 0x4E00, 0x600, 0x1F600, 0x2000) : block;
            var value = start + random.Next(0x80);
            if (Rune.IsValid(value))
                text.Append(new Rune(value));
            else
                block = random.Next(0x10) << 12;
        }

        return text.ToString();
    }

    public string Time()
    {
        var year = Rarely() ? random.Next(10_000) : random.Next(1970, 2026);
        var second = random.Next(30) == 0 ? 60 : random.Next(60);
        var fraction = random.Next(3) == 0 ? "" : "." + new string('7', random.Next(Rarely() ? 0 : 1, 12));
        var day = string.Create(
            CultureInfo.InvariantCulture, $"{year:0000}-{random.Next(1, 13):00}-{random.Next(1, 30):00}");
        var time = string.Create(
            CultureInfo.InvariantCulture, $"{random.Next(24):00}:{random.Next(60):00}:{second:00}{fraction}");
        return $"{day}{(Rarely() ? " " : Pick("T", "t"))}{time}{Pick(Rarely() ? OddOffsets : Offsets)}";
    }

    public long Number() => random.Next(2) == 0 ? random.NextInt64(1, 10_000) : Pick(Numbers);

    public string ETag() => Pick(
        "\"1\"", "\"2\"", "W/\"1\"", "*", "\"1\", \"2\"", "1", "\"", "\"\"", "*, \"1\"", $"\"{Number()}\"", "W/*", "");

    public (string Name, string Value) Header() => random.Next(9) switch
    {
        0 => ("If-Match", ETag()),
        1 => ("If-None-Match", ETag()),
        2 => ("Idempotency-Key", Pick("a b", "", "é", new string('k', 256), $"{random.Next(1_000)}")),
        3 => ("Accept", Pick("*/*", "text/html", "nonsense", "application/json;q=0", ";;", "")),
        4 => ("Content-Encoding", Pick("gzip", "identity", "br, gzip")),
        5 => ("Accept-Encoding", Pick("gzip", "*;q=0", "")),
        6 => ("Range", Pick("bytes=0-1", "bytes=-", "x")),
        7 => ("traceparent", Pick("00-zz-zz-01", "x", $"00-{new string('1', 32)}-{new string('2', 16)}-01")),
        _ => ("X-Forwarded-For", Pick("::1", "unknown", new string('1', 300))),
    };

    public string ContentType() => Pick(
        "application/json", "application/json", "application/json", "application/json", "application/json",
        "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json; charset=nothing",
        "application/vnd.x+json", "text/plain", "application/x-ndjson", "x");

    public T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];

    public bool Rarely() => random.Next(12) == 0;
}
