namespace Shop.WriteApi.Time;

internal static class TimeProviderExtensions
{
    /// <summary>Now, as exactly as PostgreSQL keeps it: what is written is what is read back.</summary>
    public static DateTimeOffset GetNow(this TimeProvider clock) => clock.GetUtcNow().ToMicroseconds();

    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
