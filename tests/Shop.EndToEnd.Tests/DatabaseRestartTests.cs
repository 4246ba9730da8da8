using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Shop.EndToEnd.Tests.Hosting;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class DatabaseRestartTests(ShopFixture fixture)
{
    private const int Callers = 4;

    private readonly ShopApplication _shop = fixture.Shop;
    private readonly ConcurrentQueue<(long SentAt, HttpStatusCode Status, bool SaysWhen)> _responses = [];

    /// <summary>As pg_ctl restart -m fast: PostgreSQL ends its clients' connections, and the host starts it again.</summary>
    [SkippableTheory]
    [InlineData("orders")]
    [InlineData("readdb")]
    public async Task A_database_restarted_under_load_gives_503_with_Retry_After_and_no_5xx_once_ready(string database)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        var customer = await _shop.Client.RegisterAsync();
        var sku = await _shop.Client.AnySkuAsync();
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallAsync(customer, sku, enough.Token))));

        var process = (await _shop.LookAsync(database)).Process!.Value;
        using (var signal = Process.Start("kill", ["-INT", $"{process}"]))
            await signal.WaitForExitAsync();
        await _shop.RunsAgainAsync(database, process);
        await _shop.Client.ReadyAsync();
        var ready = Stopwatch.GetTimestamp();
        await Task.WhenAny(load, AnsweredAsync(since: ready, count: 200));
        await enough.CancelAsync();
        await load;

        Assert.DoesNotContain(_responses, r => r.SentAt > ready && (int)r.Status >= 500);
        Assert.DoesNotContain(
            _responses, r => (int)r.Status >= 500 && (r.Status is not HttpStatusCode.ServiceUnavailable || !r.SaysWhen));
        Assert.Contains(_responses, r => r.SentAt > ready && (int)r.Status < 300);
    }

    private async Task CallAsync(Guid customer, string sku, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            foreach (var call in (Func<Task<HttpResponseMessage>>[])
                [() => _shop.Client.PlaceAsync(customer, sku), () => _shop.Client.TrySearchAsync("q=muller&size=1")])
            {
                var sentAt = Stopwatch.GetTimestamp();
                using var response = await call();
                _responses.Enqueue((sentAt, response.StatusCode, response.Headers.RetryAfter is not null));
            }
        }
    }

    private async Task AnsweredAsync(long since, int count) => await Shop.Testing.Eventually.HoldsAsync(
        () => Task.FromResult(_responses.Count(r => r.SentAt > since) >= count),
        $"{count} requests are answered", TimeSpan.FromSeconds(60));
}
