namespace Shop.ReadModel.PostgreSql;

/// <summary>The configuration section <c>PostgreSql</c>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// The maximum age of a process' view of the index generations. A rebuild waits twice as long when it changes them.
    /// </summary>
    public TimeSpan GenerationsLifetime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum time that a live write waits for the shadow. Then the rebuild is given up.</summary>
    public TimeSpan ShadowTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal DualWriteOptions DualWrite => new(GenerationsLifetime, ShadowTimeout);
}
