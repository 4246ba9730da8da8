using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>
/// Reads documents by id. Redis is no store: what it does not answer in time is done without it, and after a failure
/// it is not asked for a moment, in which a writer begins the epoch that shuts out what Redis may have missed.
/// </summary>
internal sealed partial class RedisDocuments : IDisposable
{
    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _restUntil = long.MinValue;

    public RedisDocuments(
        IConnectionMultiplexer redis, RedisOptions options, TimeProvider time, ILogger<RedisDocuments> logger)
    {
        _redis = redis;
        _database = redis.GetDatabase();
        _options = options;
        _time = time;
        _logger = logger;
        _redis.ConnectionRestored += OnConnectionRestored;
    }

    /// <returns>Null where Redis has none that is sure to be right, or does not answer.</returns>
    public async Task<StoredOrder?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken)
    {
        if (_time.GetTimestamp() < Interlocked.Read(ref _restUntil))
            return null;

        try
        {
            return await ReadAsync(id, minVersion).WaitAsync(_options.Timeout, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Rest();
            Log.WithoutRedis(_logger, exception.Message);
            return null;
        }
    }

    public void Dispose() => _redis.ConnectionRestored -= OnConnectionRestored;

    private async Task<StoredOrder?> ReadAsync(Guid id, long minVersion)
    {
        var reading = _database.StringGetAsync(RedisFields.CurrentEpoch);
        var fields = await _database.HashGetAsync(
            RedisFields.Key(id), [RedisFields.Version, RedisFields.Document, RedisFields.Epoch]);
        var current = await reading;
        return current.HasValue && fields[2] == current && (long)fields[0] >= minVersion
            ? new((byte[])fields[1]!)
            : null;
    }

    private void Rest()
    {
        var rest = (long)(_options.RestAfterFailure.TotalSeconds * _time.TimestampFrequency);
        Interlocked.Exchange(ref _restUntil, _time.GetTimestamp() + rest);
    }

    // Redis may be back with data that it saved a while ago.
    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Interactive)
            Rest();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Documents are read without Redis for a moment: {Reason}")]
        public static partial void WithoutRedis(ILogger logger, string reason);
    }
}
