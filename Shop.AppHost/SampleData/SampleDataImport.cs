using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Duende.IdentityModel.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.SampleData;

/// <summary>Imports the sample orders over HTTP when the shop is ready, unless an earlier start has done so.</summary>
internal sealed partial class SampleDataImport(
    DistributedApplicationModel model,
    ShopOptions options,
    DataDirectory data,
    Readiness readiness,
    ResourceNotificationService notifications,
    ResourceLoggerService loggers,
    TimeProvider clock) : BackgroundService
{
    /// <summary>The file in the data directory with the number of imported orders.</summary>
    public const string Done = "sample-orders";

    private const int ChunkSize = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SampleDataResource _resource = model.Resources.OfType<SampleDataResource>().Single();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var logger = loggers.GetLogger(_resource);
        var done = data.ReadNumber(Done);
        if (done >= options.SampleOrders)
        {
            await ShowAsync(KnownResourceStates.Finished, done);
            return;
        }

        await readiness.WaitAsync(stoppingToken);
        await ShowAsync(KnownResourceStates.Running, done);
        var watch = Stopwatch.StartNew();
        using var http = new HttpClient { BaseAddress = new Uri(_resource.WriteApi.Url) };
        if (options.UsesSignIn)
        {
            http.SetBearerToken(await TokenCommand.RequestAsync(
                options.Ports, data, role: "operator", customer: null, stoppingToken));
        }

        var catalogue = await RetryAsync(() => ProductsAsync(http, stoppingToken), logger, stoppingToken);
        var orders = new SampleOrders(catalogue, clock.GetUtcNow())
            .Generate()
            .Skip(done)
            .Take(options.SampleOrders - done);
        foreach (var chunk in orders.Chunk(ChunkSize))
        {
            await RetryAsync(() => ImportAsync(http, chunk, logger, stoppingToken), logger, stoppingToken);
            done += chunk.Length;
            data.WriteNumber(Done, done);
            await ShowAsync(KnownResourceStates.Running, done);
            Log.Progress(logger, done, options.SampleOrders);
        }

        await ShowAsync(KnownResourceStates.Finished, done);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{done:N0} sample orders placed in {watch.Elapsed.TotalSeconds:0.0} s."));
    }

    private static async Task<Product[]> ProductsAsync(HttpClient http, CancellationToken cancellationToken) =>
        await http.GetFromJsonAsync<Product[]>("/products?limit=1000", ImportedOrder.Json, cancellationToken) ?? [];

    private static async Task<int> ImportAsync(
        HttpClient http, ImportedOrder[] orders, ILogger logger, CancellationToken cancellationToken)
    {
        var lines = string.Concat(orders.Select(order => JsonSerializer.Serialize(order, ImportedOrder.Json) + "\n"));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var response = await http.PostAsync(
            new Uri("/orders/import", UriKind.Relative), content, cancellationToken);
        response.EnsureSuccessStatusCode();
        var outcomes = (await response.Content.ReadAsStringAsync(cancellationToken))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<ImportedOutcome>(line, ImportedOrder.Json)!);
        foreach (var outcome in outcomes)
        {
            if (outcome.Outcome == "failed")
                throw new HttpRequestException(outcome.Error);
            if (outcome.Outcome == "rejected")
                Log.Rejected(logger, outcome.Key, outcome.Error);
        }

        return orders.Length;
    }

    /// <summary>
    /// Retries while the write API is not reachable. Repeating an import is safe: a key never creates a second order.
    /// </summary>
    private static async Task<T> RetryAsync<T>(Func<Task<T>> work, ILogger logger, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (HttpRequestException e)
            {
                Log.Retry(logger, e.Message);
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private Task ShowAsync(string state, int done) => notifications.PublishUpdateAsync(_resource, s => s with
    {
        State = state,
        StartTimeStamp = s.StartTimeStamp ?? clock.GetUtcNow().UtcDateTime,
        StopTimeStamp = state == KnownResourceStates.Finished ? clock.GetUtcNow().UtcDateTime : null,
        Properties = [new("Orders placed", $"{done} of {Math.Max(done, options.SampleOrders)}")],
    });

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Done} of {Wanted} orders")]
        public static partial void Progress(ILogger logger, int done, int wanted);

        [LoggerMessage(LogLevel.Error, "{Key} was rejected: {Error}")]
        public static partial void Rejected(ILogger logger, string? key, string? error);

        [LoggerMessage(LogLevel.Warning, "The write API does not respond. The import is retried: {Reason}")]
        public static partial void Retry(ILogger logger, string reason);
    }
}
