using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.Projector.Tests.Rebuilding;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class SearchableTests
{
    [SkippableFact]
    public async Task The_time_from_commit_to_searchable_ends_when_a_search_finds_the_order()
    {
        await using var store = await ElasticsearchRebuildStore.CreateAsync();
        await using var shop = await ProjectorFixture.CreateAsync(addStore: builder =>
        {
            builder.Configuration.AddInMemoryCollection(store.Settings);
            builder.Configuration["Elasticsearch:RefreshInterval"] = "00:00:02";
            builder.AddReadModel();
        });
        await shop.StartProjectorAsync();
        var search = shop.Services.GetRequiredService<IOrderSearch>();
        var measured = new ConcurrentQueue<(double Seconds, Task<OrderSearchPage> Page)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Other tests' projectors have meters of the same name.
            if (instrument.Name == "shop.projector.commit_to_searchable"
                && instrument.Meter.Scope == shop.Services.GetRequiredService<IMeterFactory>())
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
            measured.Enqueue((seconds, search.SearchAsync(new() { Scope = CallerScope.Everything }, default))));
        listener.Start();

        for (var i = 1; i <= 3; i++)
        {
            var message = SampleOrder.Event(SampleOrder.State(Guid.CreateVersion7(), 1));
            message.Headers.Remove(EventHeaders.Time);
            message.Headers.Add(EventHeaders.Time, Encoding.UTF8.GetBytes($"{TimeProvider.System.GetUtcNow():O}"));
            await shop.PublishAsync(message);
            await Eventually.HoldsAsync(() => Task.FromResult(measured.Count == i), $"{i} orders are measured");
        }

        var pages = await Task.WhenAll(measured.Select(one => one.Page));
        Assert.Equal([1, 2, 3], pages.Select(page => page.Total.Value));
        Assert.All(measured, one => Assert.InRange(one.Seconds, 0, 30));
    }
}
