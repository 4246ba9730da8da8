namespace Shop.ReadModel.PostgreSql;

/// <summary>The configuration section <c>PostgreSql</c>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// How old a process' view of which copies there are may be; a rebuild waits twice as long at its start.
    /// </summary>
    public TimeSpan CopiesLifetime { get; set; } = TimeSpan.FromMilliseconds(250);
}
