using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Names;
using Shop.Testing.Orders;

namespace Shop.Bench.Scale;

/// <summary>Fills a read store as a rebuild does: the shadow first, with two writers, then a cutover.</summary>
internal static class ScaleStore
{
    private const int BatchSize = 1_000;
    private const int Writers = 3;

    /// <param name="settings">What names the store, as in the configuration of a service.</param>
    /// <returns>The time that it took.</returns>
    public static async Task<TimeSpan> FillAsync(
        RealisticOrders orders, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Configuration["Elasticsearch:RequestTimeout"] = "00:01:00"; // A busy machine takes long to create an index.
        builder.Configuration.AddInMemoryCollection(settings.Select(
            setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        builder.AddReadModel();
        using var host = builder.Build();
        await host.StartAsync(cancellationToken);
        await host.Services.GetRequiredService<IOrderIndex>().EnsureCreatedAsync(cancellationToken);
        var names = host.Services.GetRequiredService<INameIndex>();
        await names.EnsureCreatedAsync(cancellationToken);
        var generations = host.Services.GetRequiredService<IIndexGenerations>();
        await generations.CreateShadowAsync(cancellationToken);
        var written = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, orders.Count).Chunk(BatchSize),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (numbers, token) =>
            {
                SerializedOrder[] batch = [.. numbers.Select(number => SerializedOrder.From(orders.Make(number)))];
                var outcomes = await generations.Shadow.ApplyAsync(batch, token);
                if (outcomes.FirstOrDefault(outcome => outcome.Result is IndexResult.Rejected) is { Reason: { } reason })
                    throw new InvalidOperationException($"The store rejected an order: {reason}");
                if (Interlocked.Add(ref written, batch.Length) % 100_000 < batch.Length)
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{written:#,0} orders, {watch.Elapsed.TotalSeconds:0} s"));
            });
        await generations.CutOverAsync(
            new(RebuildOutcome.Completed, Generation: null, IsRollback: false, TimeProvider.System.GetUtcNow()),
            cancellationToken);
        await AddNamesAsync(names, orders, cancellationToken);
        await host.StopAsync(cancellationToken);
        return watch.Elapsed;
    }

    private static async Task AddNamesAsync(INameIndex names, RealisticOrders orders, CancellationToken cancellationToken)
    {
        Dictionary<NameKey, NameEntry> all = [];
        foreach (var name in orders.All.Chunk(BatchSize).SelectMany(NameEntry.Of))
            all[name.Key] = all.TryGetValue(name.Key, out var other) ? name.Merge(other) : name;
        foreach (var entries in all.Values.Chunk(BatchSize))
            await names.ApplyAsync(entries, cancellationToken);
        await foreach (var keys in names.KeysAsync(cancellationToken))
            await names.CountAsync([.. keys], TimeProvider.System.GetUtcNow(), cancellationToken);
    }
}
