using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Shop.Contracts;

/// <summary>
/// Times as the grammar of RFC 3339 has them (https://www.rfc-editor.org/rfc/rfc3339#section-5.6): any number of digits
/// after the second, of which seven are kept; letters in either case; and a required offset.
/// </summary>
public static partial class Rfc3339
{
    /// <summary>Parses a time into UTC.</summary>
    /// <returns>False if the text is not a time, or one before the year 1 or after the year 9999 in UTC.</returns>
    /// <remarks>A leap second, 23:59:60 in UTC, is the first moment of the next day, as in POSIX.</remarks>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (Time().Match(text) is not { Success: true } match
            || !DateTime.TryParseExact(
                $"{match.Groups["date"].ValueSpan} {match.Groups["minute"].ValueSpan}",
                "yyyy-MM-dd HH:mm",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var minute))
        {
            return false;
        }

        var second = int.Parse(match.Groups["second"].ValueSpan, CultureInfo.InvariantCulture);
        var ticks = minute.Ticks + (second * TimeSpan.TicksPerSecond) + Fraction(match.Groups["fraction"].ValueSpan)
            - Offset(match);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        var utc = new DateTime(ticks, DateTimeKind.Utc);
        if (second == 60 && utc is not { Hour: 0, Minute: 0, Second: 0 })
            return false;
        time = new DateTimeOffset(utc);
        return true;
    }

    private static long Fraction(ReadOnlySpan<char> digits)
    {
        var ticks = 0L;
        for (var i = 0; i < 7; i++)
            ticks = (ticks * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        return ticks;
    }

    private static long Offset(Match match)
    {
        if (!match.Groups["sign"].Success)
            return 0;
        var hours = int.Parse(match.Groups["hours"].ValueSpan, CultureInfo.InvariantCulture);
        var minutes = int.Parse(match.Groups["minutes"].ValueSpan, CultureInfo.InvariantCulture);
        var offset = new TimeSpan(hours, minutes, seconds: 0).Ticks;
        return match.Groups["sign"].ValueSpan is "-" ? -offset : offset;
    }

    [GeneratedRegex(
        @"\A(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt](?<minute>[0-9]{2}:[0-9]{2}):(?<second>[0-5][0-9]|60)"
        + @"(\.(?<fraction>[0-9]+))?([Zz]|(?<sign>[+-])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Time();
}

/// <summary>Reads times by <see cref="Rfc3339"/>. The reader of .NET refuses some of them and accepts others.</summary>
public sealed class Rfc3339Converter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Rfc3339.TryParse(reader.GetString()!, out var time)
            ? time
            : throw new JsonException("The value is not a time such as 2025-12-31T23:59:59Z (RFC 3339).");

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value);
}
