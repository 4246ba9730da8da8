using Microsoft.Extensions.Logging;
using Shop.Contracts;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>
/// Writes documents in two steps around the store's own write: older versions are taken away, then the new ones are
/// put in. A writer that may have missed one (an outage, a restart from old data) begins a new epoch before it writes
/// again, so that nothing it could not correct is read.
/// </summary>
internal sealed partial class RedisWriter : IDisposable
{
    // Between the two steps readers go to the store: a version neither goes back nor comes early.
    private const string HoldScript = """
        local stored = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
        local new = tonumber(ARGV[1])
        if stored > new or (stored == new and ARGV[2] == '0') then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('HSET', KEYS[1], 'v', ARGV[1])
        return redis.call('PEXPIRE', KEYS[1], ARGV[3])
        """;

    private const string StoreScript = """
        if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'd', ARGV[2], 'e', ARGV[3])
        return redis.call('PEXPIRE', KEYS[1], ARGV[4])
        """;

    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private volatile bool _hasEpoch;

    public RedisWriter(
        IConnectionMultiplexer redis, RedisOptions options, TimeProvider time, ILogger<RedisWriter> logger)
    {
        _redis = redis;
        _database = redis.GetDatabase();
        _options = options;
        _time = time;
        _logger = logger;
        _redis.ConnectionRestored += OnConnectionRestored;
    }

    /// <summary>Takes older versions of these documents away, before the store has the new ones.</summary>
    /// <param name="includesEqual">Whether an equal version is taken away too.</param>
    /// <returns>The epoch to store them in; null where Redis is done without.</returns>
    public async Task<string?> HoldAsync(
        IReadOnlyList<SerializedOrder> documents, bool includesEqual, CancellationToken cancellationToken)
    {
        if (!_hasEpoch && !await TryBeginEpochAsync(cancellationToken))
            return null;

        string? current = null;
        var isDone = await TryAsync(async () =>
        {
            var reading = _database.StringGetAsync(RedisFields.CurrentEpoch);
            await Task.WhenAll(documents.Select(document => _database.ScriptEvaluateAsync(
                HoldScript,
                [RedisFields.Key(document.Id)],
                [document.Version, includesEqual ? 1 : 0, (long)_options.HoldFor.TotalMilliseconds])));
            current = await reading;
        }, cancellationToken);
        if (isDone && current is null)
            Lose("its data was flushed");

        return current;
    }

    /// <summary>Stores those documents that are still held in these versions.</summary>
    public Task StoreAsync(string epoch, IEnumerable<SerializedOrder> documents, CancellationToken cancellationToken) =>
        TryAsync(() => Task.WhenAll(documents.Select(document => _database.ScriptEvaluateAsync(
            StoreScript,
            [RedisFields.Key(document.Id)],
            [
                document.Version,
                document.Json,
                epoch,
                (long)_options.TimeToLive.TotalMilliseconds,
            ]))), cancellationToken);

    public Task RemoveAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken) => TryAsync(
        () => Task.WhenAll(ids.Select(id => _database.KeyDeleteAsync(RedisFields.Key(id)))), cancellationToken);

    public void Dispose()
    {
        _redis.ConnectionRestored -= OnConnectionRestored;
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task<bool> TryAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write().WaitAsync(_options.Timeout, _time, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Lose(exception.Message);
            return false;
        }
    }

    private void Lose(string reason)
    {
        Log.NewEpoch(_logger, reason);
        _hasEpoch = false;
        _ = Task.Run(() => BeginEpochAsync(_stop.Token));
    }

    // Without waiting for the next write: until the new epoch, readers may see what is no longer right.
    private async Task BeginEpochAsync(CancellationToken cancellationToken)
    {
        while (!_hasEpoch && !await TryBeginEpochAsync(cancellationToken))
            await Task.Delay(_options.Timeout, _time, cancellationToken);
    }

    private async Task<bool> TryBeginEpochAsync(CancellationToken cancellationToken)
    {
        if (!await _renewing.WaitAsync(0, cancellationToken))
            return false;

        try
        {
            await _database.StringIncrementAsync(RedisFields.CurrentEpoch)
                .WaitAsync(_options.Timeout, _time, cancellationToken);
            _hasEpoch = true;
            return true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return false;
        }
        finally
        {
            _renewing.Release();
        }
    }

    // Redis may be back with data that it saved a while ago.
    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        if (_hasEpoch && e.ConnectionType == ConnectionType.Interactive)
            Lose("the connection was interrupted");
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis begins a new epoch: {Reason}")]
        public static partial void NewEpoch(ILogger logger, string reason);
    }
}
