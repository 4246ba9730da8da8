namespace Shop.Bench.Live;

/// <summary>Clients of live streams, each with its own connection, that count the orders they receive.</summary>
internal sealed class LiveWatchers : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _reading = [];
    private long _received;

    private LiveWatchers(Uri server) => _http = new() { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };

    public long Received => Interlocked.Read(ref _received);

    public static async Task<LiveWatchers> ConnectAsync(
        Uri server, string path, int count, CancellationToken cancellationToken)
    {
        var watchers = new LiveWatchers(server);
        foreach (var some in Enumerable.Range(0, count).Chunk(50))
        {
            var streams = await Task.WhenAll(some.Select(_ => watchers._http.GetStreamAsync(new Uri(path, UriKind.Relative), cancellationToken)));
            watchers._reading.AddRange(streams.Select(watchers.ReadAsync));
        }

        return watchers;
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16 * 1024];
        var sought = "event: order"u8.ToArray();
        var kept = 0;
        try
        {
            while (await stream.ReadAsync(buffer.AsMemory(kept), _stop.Token) is > 0 and var read)
            {
                var filled = kept + read;
                var found = buffer.AsSpan(0, filled).Count(sought);
                if (found > 0)
                    Interlocked.Add(ref _received, found);
                // The name of an event can be in two reads, but not twice in what is kept.
                kept = Math.Min(filled, sought.Length - 1);
                buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading);
        _http.Dispose();
        _stop.Dispose();
    }
}
