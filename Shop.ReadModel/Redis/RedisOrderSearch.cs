using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>
/// Reads documents by id from Redis if Redis has them and responds in time. Everything else is read from the store.
/// After a failure, Redis is not used for a while. In this time a writer starts a new epoch, without the documents that
/// it could not replace.
/// </summary>
internal sealed partial class RedisOrderSearch : IOrderSearch, IDisposable
{
    private readonly IOrderSearch _store;
    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile string _epoch = "";
    private long _pausedUntil = long.MinValue;
    private bool _failed;

    public RedisOrderSearch(
        IOrderSearch store, IConnectionMultiplexer redis, RedisOptions options, TimeProvider time,
        ILogger<RedisOrderSearch> logger)
    {
        (_store, _redis, _options, _time, _logger) = (store, redis, options, time, logger);
        _database = redis.GetDatabase();
        _redis.ConnectionRestored += OnConnectionRestored;
    }

    // An order outside of the scope is read from the store too, like one that does not exist.
    public async Task<StoredOrder?> GetAsync(
        Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken) =>
        await TryReadAsync(id, minVersion, cancellationToken) is { } order && scope.Includes(order)
            ? order.For(scope)
            : await _store.GetAsync(id, scope, minVersion, cancellationToken);

    public Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken) =>
        _store.SearchAsync(query, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        _store.SearchableVersionsAsync(ids, cancellationToken);

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
        _store.ReadFreshnessAsync(cancellationToken);

    public void Dispose() => _redis.ConnectionRestored -= OnConnectionRestored;

    private async Task<StoredOrder?> TryReadAsync(Guid id, long minVersion, CancellationToken cancellationToken)
    {
        if (_time.GetTimestamp() < Interlocked.Read(ref _pausedUntil))
            return null;

        try
        {
            var document = await ReadAsync(id, minVersion).WaitAsync(_options.Timeout, _time, cancellationToken);
            Volatile.Write(ref _failed, false);
            return document;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Pause();
            if (!Interlocked.Exchange(ref _failed, true))
                Log.Failed(_logger, exception.Message);
            return null;
        }
    }

    // Both commands are sent in one round trip. The document is used only if its epoch is still the current one.
    private async Task<StoredOrder?> ReadAsync(Guid id, long minVersion)
    {
        var epoch = _epoch;
        var reading = _database.StringGetAsync(RedisKeys.Epoch);
        var newest = await _database.SortedSetRangeByRankWithScoresAsync(RedisKeys.Order(epoch, id), -1, -1);
        _epoch = (string?)await reading ?? "";
        return epoch.Length > 0 && epoch == _epoch && newest is [var document] && document.Score >= minVersion
            ? new((byte[])document.Element!)
            : null;
    }

    private void Pause()
    {
        var pause = (long)(_options.PauseAfterFailure.TotalSeconds * _time.TimestampFrequency);
        Interlocked.Exchange(ref _pausedUntil, _time.GetTimestamp() + pause);
    }

    // Redis may have been restarted with older saved data.
    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Interactive)
            Pause();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis failed. Documents are read from the store until it responds again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
