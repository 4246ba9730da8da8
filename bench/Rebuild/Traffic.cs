using Shop.Bench.Hosting;
using Shop.Bench.Load;

namespace Shop.Bench.Rebuild;

/// <summary>Orders that are placed, found and read, 20 of each a second.</summary>
internal sealed class Traffic(ShopProcess shop, OrderLoad load)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private long _reads;
    private long _failedReads;

    public long Reads => _reads;

    public long FailedReads => _failedReads;

    public async Task RunAsync(CancellationToken stop)
    {
        var placed = await load.PlaceAsync();
        var id = placed.GetProperty("id").GetString();
        using var first = await shop.ReadApi.GetAsync(
            new Uri($"/orders/{id}?waitFor={id}:1&waitTimeoutMs=10000", UriKind.Relative), CancellationToken.None);
        first.EnsureSuccessStatusCode();
        await Task.WhenAll(
            RepeatAsync(load.PlaceAsync, stop),
            RepeatAsync(() => ReadAsync("/orders/search?q=st+james&facets=status,category"), stop),
            RepeatAsync(() => ReadAsync($"/orders/{id}"), stop));
    }

    private async Task ReadAsync(string path)
    {
        Interlocked.Increment(ref _reads);
        try
        {
            using var answer = await shop.ReadApi.GetAsync(new Uri(path, UriKind.Relative), CancellationToken.None);
            if (answer.IsSuccessStatusCode)
                return;
            Console.WriteLine($"{path}: {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }
        catch (HttpRequestException exception)
        {
            Console.WriteLine($"{path}: {exception.Message}");
        }

        Interlocked.Increment(ref _failedReads);
    }

    private static async Task RepeatAsync(Func<Task> operation, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await operation();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The round has ended.
        }
    }
}
