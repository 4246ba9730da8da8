namespace Shop.ReadModel.Redis;

/// <summary>The configuration section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>How long a document stays after it was written.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long readers go to the store at most while a version is on its way there.</summary>
    public TimeSpan HoldFor { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Redis is faster than the store or it is done without.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it is not asked after a failure: long enough for a writer to begin a new epoch.</summary>
    public TimeSpan RestAfterFailure { get; set; } = TimeSpan.FromSeconds(2);
}
