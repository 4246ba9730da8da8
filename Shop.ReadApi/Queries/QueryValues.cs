using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.ServiceDefaults.Http;

namespace Shop.ReadApi.Queries;

/// <summary>Parses single values of a query string. The texts complete "'name' must be …".</summary>
internal static partial class QueryValues
{
    public const string TextIsExpected = "at most 200 characters of valid Unicode without U+0000";
    public const string IdIsExpected = "an id such as 01890a5d-ac96-774b-bcce-b302099a8057";
    public const string VersionIsExpected = "an order id and a version such as 01890a5d-ac96-774b-bcce-b302099a8057:3";
    public const string AmountIsExpected = "a whole number of minor units, 0 or more";
    public const string DayOrTimeIsExpected = "a date such as 2025-12-31 or a time such as 2025-12-31T23:59:59Z";

    public const string TimeZoneIsExpected = "the IANA name of a time zone with its area, such as Europe/Berlin, or UTC";

    public const string CountryIsExpected = "two capital letters such as DE";
    public const string CurrencyIsExpected = "three capital letters such as EUR";

    private const int MaxTextLength = 200;

    public static bool TryText(string text, out string value)
    {
        value = text;
        return text.Length <= MaxTextLength && IsStorable(text);
    }

    /// <summary>Whether every store accepts the text: no U+0000 and no lone surrogate.</summary>
    public static bool IsStorable(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var width) != default || rune.Value == 0)
                return false;

            rest = rest[width..];
        }

        return true;
    }

    public static bool TryId(string text, out Guid value) => IdText.TryParse(text, out value);

    public static bool TryCountry(string text, out string value) => TryCode(text, 2, out value);

    public static bool TryCurrency(string text, out string value) => TryCode(text, 3, out value);

    public static bool TryAmount(string text, out long? value) => TryWhole(text, 0, long.MaxValue, out value);

    /// <summary>
    /// A name with its area: stores accept other forms, which do not mean the same to each of them.
    /// </summary>
    public static bool TryTimeZone(string text, out string value)
    {
        value = text;
        return TimeZoneName().IsMatch(text) && TimeZoneInfo.TryFindSystemTimeZoneById(text, out _);
    }

    [GeneratedRegex(@"\A(UTC|([A-Z][A-Za-z_]{0,31})(/[A-Z][A-Za-z0-9_+-]{0,31}){1,2})\z")]
    private static partial Regex TimeZoneName();

    public static TryParse<long?> Between(long least, long most) =>
        (text, out value) => TryWhole(text, least, most, out value);

    public static bool TryVersion(string text, out AwaitedVersion value)
    {
        value = default;
        if (text.Split(':') is not [var id, var version]
            || !TryId(id, out var orderId)
            || !TryWhole(version, 1, long.MaxValue, out var awaited))
        {
            return false;
        }

        value = new(orderId, awaited!.Value);
        return true;
    }

    /// <summary>The start of a day, or the time itself.</summary>
    public static bool TryStart(string text, out DateTimeOffset? value)
    {
        value = TryDay(text, out var day) ? Start(day) : TryTime(text, out var time) ? time : null;
        return value is not null;
    }

    /// <summary>The first moment after a day or a time. Stores have a resolution of microseconds.</summary>
    public static bool TryEnd(string text, out DateTimeOffset? value)
    {
        value = null;
        if (TryDay(text, out var day))
            value = day == DateOnly.MaxValue ? DateTimeOffset.MaxValue : Start(day.AddDays(1));
        else if (TryTime(text, out var time))
            value = time < DateTimeOffset.MaxValue.AddDays(-1) ? time.AddMicroseconds(1) : DateTimeOffset.MaxValue;

        return value is not null;
    }

    private static bool TryDay(string text, out DateOnly day) => DateOnly.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    // In a query, an unescaped plus is a space, and no time has a space at this place.
    private static bool TryTime(string text, out DateTimeOffset time)
    {
        var isTime = Rfc3339.TryParse(
            text is [.., ' ', _, _, ':', _, _] ? $"{text[..^6]}+{text[^5..]}" : text, out time);
        // Orders keep microseconds: a finer bound would exclude the order whose time it was copied from.
        time = time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
        return isTime;
    }

    private static DateTimeOffset Start(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static bool TryCode(string text, int length, out string value)
    {
        value = text;
        return text.Length == length && text.All(char.IsAsciiLetterUpper);
    }

    private static bool TryWhole(string text, long least, long most, out long? value)
    {
        var number = 0L;
        // The parser skips U+0000 at the end.
        var isWhole = text.All(char.IsAsciiDigit)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        value = number;
        return isWhole && number >= least && number <= most;
    }
}
