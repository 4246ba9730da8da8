using System.Globalization;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// Converts sort values to and from the texts of a <see cref="PagePosition"/>. Rejects invalid texts.
/// </summary>
internal static class PositionValues
{
    public static string Write(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Write(DateTime value) => Write(value.Ticks);

    public static string Write(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    public static string Write(Guid value) => value.ToString("D");

    public static long ReadLong(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Invalid();

    public static DateTime ReadTime(string text) =>
        ReadLong(text) is var ticks && ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
            ? new(ticks, DateTimeKind.Utc)
            : throw Invalid();

    public static float ReadFloat(string text) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value)
            ? value
            : throw Invalid();

    public static Guid ReadId(string text) => Guid.TryParseExact(text, "D", out var id) ? id : throw Invalid();

    public static InvalidCursorException Invalid() => new("The cursor is not a position in this sort.");
}
