using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>A store that fails in ways that nobody has foreseen.</summary>
public sealed class ReadStoreTests
{
    [Fact]
    public async Task A_store_that_fails_for_every_document_is_retried_and_no_document_is_rejected()
    {
        var index = new MemoryIndex { Refuses = _ => throw new FormatException("Disk quota exceeded.") };
        var store = Create(index, TimeSpan.FromMinutes(1));

        var writing = store.ApplyAsync(Orders(50), default);
        await Eventually.GetAsync(
            () => Task.FromResult(store.LastError),
            error => error?.Contains("Disk quota exceeded.", StringComparison.Ordinal) == true,
            "the last error is known");
        Assert.False(writing.IsCompleted);
        index.Refuses = _ => null;

        Assert.All(await writing, outcome => Assert.Equal(IndexResult.Applied, outcome.Result));
        Assert.Null(store.LastError);
    }

    [Fact]
    public async Task Documents_that_fail_alone_are_rejected_at_once()
    {
        var orders = Orders(20);
        Guid[] bad = [orders[3].Id, orders[19].Id];
        var index = new MemoryIndex
        {
            Refuses = document => bad.Contains(document.Id) ? throw new FormatException() : null,
        };

        var outcomes = await Create(index, TimeSpan.FromMinutes(1)).ApplyAsync(orders, default);

        Assert.Equal(orders.Select(order => order.Id), outcomes.Select(outcome => outcome.OrderId));
        Assert.Equal(bad, outcomes
            .Where(outcome => outcome.Result == IndexResult.Rejected).Select(outcome => outcome.OrderId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Documents_that_keep_failing_while_others_are_written_are_rejected(int count)
    {
        var orders = Orders(count);
        Guid[] bad = [.. orders.Select(order => order.Id)];
        var index = new MemoryIndex
        {
            Refuses = document => bad.Contains(document.Id) ? throw new FormatException("Bad.") : null,
        };
        var store = Create(index, TimeSpan.FromMinutes(1));

        var writing = store.ApplyAsync(orders, default);
        await Eventually.HoldsAsync(() => Task.FromResult(store.LastError is not null), "the documents failed");
        Assert.False(writing.IsCompleted);
        await store.ApplyAsync(Orders(1), default);

        Assert.All(await writing.WaitAsync(TimeSpan.FromSeconds(30)), outcome => Assert.Equal("Bad.", outcome.Reason));
    }

    [Fact]
    public async Task A_single_document_that_fails_because_of_the_store_is_retried_until_it_is_written()
    {
        var index = new MemoryIndex { Refuses = _ => throw new FormatException("Disk quota exceeded.") };
        var store = Create(index, TimeSpan.FromMinutes(1));

        var writing = store.ApplyAsync(Orders(1), default);
        await Eventually.HoldsAsync(() => Task.FromResult(store.LastError is not null), "the document failed");
        index.Refuses = _ => null;

        Assert.Equal(IndexResult.Applied, Assert.Single(await writing).Result);
    }

    [Fact]
    public async Task A_batch_that_keeps_failing_stops_other_batches_for_a_limited_time_only()
    {
        var index = new MemoryIndex { Refuses = _ => throw new FormatException("Bad.") };

        var outcomes = await Create(index, TimeSpan.FromMilliseconds(200)).ApplyAsync(Orders(2), default);

        Assert.All(outcomes, outcome => Assert.Equal("Bad.", outcome.Reason));
    }

    private static List<SerializedOrder> Orders(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => SerializedOrder.From(SampleOrder.State(Guid.CreateVersion7(), 1)))];

    private static ReadStore Create(MemoryIndex index, TimeSpan limit)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new(
            index, index, new(), new ProjectorMetrics(meters, TimeProvider.System),
            Options.Create(new ProjectorOptions { MaxUnforeseenFailure = limit }), TimeProvider.System,
            NullLogger<ReadStore>.Instance);
    }
}
