namespace Shop.WriteApi.Domain;

/// <summary>Rounds times to microseconds, as PostgreSQL stores them, so that they are read as written.</summary>
internal static class Timestamps
{
    public static DateTimeOffset GetNow(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
