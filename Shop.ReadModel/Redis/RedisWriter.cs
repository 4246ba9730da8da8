using Microsoft.Extensions.Logging;
using OpenTelemetry;
using Shop.Contracts;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>
/// Replaces documents in Redis without making the caller wait. If commands fail, time out, or may have been lost by a
/// restart, it starts a new epoch when Redis responds, and writes nothing until then.
/// </summary>
internal sealed partial class RedisWriter : IDisposable
{
    private readonly IConnectionMultiplexer _redis;
    private readonly IDatabase _database;
    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>The epoch that this process writes in; null while a new one is being started.</summary>
    private volatile string? _epoch;

    public RedisWriter(
        IConnectionMultiplexer redis, RedisOptions options, TimeProvider time, ILogger<RedisWriter> logger)
    {
        (_redis, _options, _time, _logger) = (redis, options, time, logger);
        _database = redis.GetDatabase();
        _redis.ConnectionRestored += OnConnectionRestored;
        // The previous writer may have ended before it could replace a document.
        Begin();
    }

    /// <summary>Removes documents, so that readers get them from the store.</summary>
    public void Invalidate(IReadOnlyList<Guid> ids) => Send(ids, epoch =>
        [.. ids.Select(id => _database.KeyDeleteAsync(RedisKeys.Order(epoch, id)))]);

    /// <summary>Stores documents, unless there is a newer version of one already.</summary>
    public void Store(IReadOnlyList<SerializedOrder> orders) => Send([.. orders.Select(order => order.Id)], epoch =>
    [
        .. orders.SelectMany(order =>
        {
            var key = RedisKeys.Order(epoch, order.Id);
            return (Task[])
            [
                _database.SortedSetAddAsync(key, order.Json, order.Version),
                _database.SortedSetRemoveRangeByRankAsync(key, 0, -2),
                _database.KeyExpireAsync(key, _options.TimeToLive),
            ];
        }),
    ]);

    /// <summary>Counts the cached orders of which an older version is stored, all of them if Redis does not respond.</summary>
    public async Task<int> CountOlderAsync(IReadOnlyList<OrderVersion> olderThan)
    {
        try
        {
            var epoch = (string?)await _database.StringGetAsync(RedisKeys.Epoch) ?? "";
            var counting = olderThan.Select(order => _database.SortedSetLengthAsync(
                RedisKeys.Order(epoch, order.Id), max: order.Version, exclude: Exclude.Stop));
            var counts = await Task.WhenAll(counting);
            return counts.Count(count => count > 0);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return olderThan.Count;
        }
    }

    /// <summary>Makes all stored documents unreachable.</summary>
    public void StartEpoch()
    {
        if (Interlocked.Exchange(ref _epoch, null) is not null)
            Begin();
    }

    public void Dispose()
    {
        _redis.ConnectionRestored -= OnConnectionRestored;
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Send(IReadOnlyList<Guid> ids, Func<string, Task[]> write)
    {
        if (ids.Count > 0 && _epoch is { } epoch)
            _ = SendAsync(ids, write, epoch);
    }

    private async Task SendAsync(IReadOnlyList<Guid> ids, Func<string, Task[]> write, string epoch)
    {
        try
        {
            var writing = Task.WhenAll(write(epoch));
            var current = await _database.StringGetAsync(RedisKeys.Epoch).WaitAsync(_options.Timeout, _time);
            await writing.WaitAsync(_options.Timeout, _time);
            if (current.IsNull)
            {
                Fail("its data was deleted");
            }
            else if (current != epoch)
            {
                // Another writer started this epoch, and may have stored older versions in it. If this writer has changed
                // its epoch since the command was sent, it keeps that one: responses can be handled out of order.
                Interlocked.CompareExchange(ref _epoch, (string?)current, epoch);
                Invalidate(ids);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Fail(exception.Message);
        }
    }

    private void Fail(string reason)
    {
        if (_epoch is not null)
            Log.Failed(_logger, reason);
        StartEpoch();
    }

    private void Begin()
    {
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(() => BeginAsync(_stop.Token));
    }

    private async Task BeginAsync(CancellationToken cancellationToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var epoch = Guid.CreateVersion7().ToString("N");
                await _database.StringSetAsync(RedisKeys.Epoch, epoch);
                _epoch = epoch;
                return;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                await Task.Delay(_options.Timeout, _time, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Redis may have been restarted with older saved data.
    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs e)
    {
        if (e.ConnectionType == ConnectionType.Interactive)
            StartEpoch();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis failed. No documents are cached until it responds again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
