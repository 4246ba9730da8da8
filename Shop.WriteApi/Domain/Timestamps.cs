namespace Shop.WriteApi.Domain;

/// <summary>PostgreSQL stores microseconds. Rounded to them, a time that is written equals the time that is read.</summary>
internal static class Timestamps
{
    public static DateTimeOffset GetNow(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
