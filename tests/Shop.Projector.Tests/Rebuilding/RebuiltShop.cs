using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;
using Shop.Testing;

namespace Shop.Projector.Tests.Rebuilding;

/// <summary>A write side with orders, a read store that holds them, and a reader beside it.</summary>
internal sealed class RebuiltShop : IAsyncDisposable
{
    private readonly IHost _reader;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<OrderDocument> _orders = [];
    private Task _reading = Task.CompletedTask;
    private Task _writing = Task.CompletedTask;

    private RebuiltShop(ProjectorFixture fixture, IRebuildStore store)
    {
        (Fixture, Store) = (fixture, store);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(store.Settings);
        builder.Services.AddLogging();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<LoopServices>();
        builder.AddReadModel();
        _reader = builder.Build();
    }

    public ProjectorFixture Fixture { get; }

    public IRebuildStore Store { get; }

    private IOrderSearch Search => _reader.Services.GetRequiredService<IOrderSearch>();

    private IOrderIndex Index => _reader.Services.GetRequiredService<IOrderIndex>();

    public static async Task<RebuiltShop> CreateAsync(Func<Task<IRebuildStore>> createStore, int orders)
    {
        var store = await createStore();
        var fixture = await ProjectorFixture.CreateAsync(addStore: builder =>
        {
            builder.Configuration.AddInMemoryCollection(store.Settings);
            builder.AddReadModel();
        });
        var shop = new RebuiltShop(fixture, store);
        for (var i = 0; i < orders; i++)
            shop._orders.Add(shop.Fixture.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 1)));
        return shop;
    }

    /// <summary>Starts a projector and waits until its first reconciliation has filled the live generation.</summary>
    public async Task<HttpClient> StartProjectorAsync()
    {
        var client = await Fixture.StartProjectorAsync();
        await IsEqualAsync();
        return client;
    }

    /// <summary>Changes orders, places others, searches and reads them until <see cref="EndTrafficAsync"/>.</summary>
    public void BeginTraffic()
    {
        _writing = WriteAsync(_stop.Token);
        _reading = Task.WhenAll(SearchAsync(_stop.Token), GetAsync(_stop.Token));
    }

    /// <summary>Fails where a read failed or went back.</summary>
    public async Task EndTrafficAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _writing);
    }

    /// <summary>Waits until the store has every order of the write side in its version, and nothing else.</summary>
    public Task IsEqualAsync() => Eventually.GetAsync(
        DifferencesAsync, differences => differences == 0, "both sides are equal", TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_reading, _writing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Fixture.DisposeAsync();
        if (_reader is IAsyncDisposable reader)
            await reader.DisposeAsync();
        await Store.DisposeAsync();
        _stop.Dispose();
    }

    // Traffic, not overload: a small machine has to do everything else as well.
    private static Task PaceAsync() => Task.Delay(TimeSpan.FromMilliseconds(20));

    private async Task<int> DifferencesAsync()
    {
        Dictionary<Guid, long> stored = [];
        try
        {
            await foreach (var version in Index.VersionsAsync(default))
                stored.Add(version.Id, version.Version);
        }
        catch (ReadStoreUnavailableException)
        {
            return int.MaxValue; // It is not there yet.
        }

        var states = Fixture.WriteApi.States;
        return states.Values.Count(state => stored.GetValueOrDefault(state.Id) != state.Version)
            + stored.Keys.Count(id => !states.ContainsKey(id));
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var id = i % 3 == 0 ? Guid.CreateVersion7() : _orders[i * 7 % _orders.Count].Id;
            var version = Fixture.WriteApi.States.GetValueOrDefault(id)?.Version ?? 0;
            await Fixture.PublishAsync(SampleOrder.State(id, version + 1, TimeProvider.System.GetUtcNow()));
            await PaceAsync();
        }
    }

    private async Task SearchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var page = await Search.SearchAsync(
                new() { Scope = CallerScope.Everything, Sort = OrderSort.Oldest }, default);
            Assert.True(page.Total.Value >= _orders.Count, $"A search found {page.Total.Value} of {_orders.Count}.");
            await PaceAsync();
        }
    }

    private async Task GetAsync(CancellationToken cancellationToken)
    {
        Dictionary<Guid, long> seen = [];
        for (var i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            var id = _orders[i * 7 % _orders.Count].Id;
            var document = await Search.GetAsync(id, CallerScope.Everything, minVersion: 0, default);
            Assert.NotNull(document);
            Assert.True(document.Version >= seen.GetValueOrDefault(id), "A version went back.");
            seen[id] = document.Version;
            await PaceAsync();
        }
    }
}

internal static class RebuildClient
{
    public static async Task<JsonElement> PostAsync(this HttpClient client, string path, HttpStatusCode expected)
    {
        using var answer = await client.PostAsync(path, content: null);
        return await ReadAsync(answer, expected);
    }

    public static async Task<JsonElement> DeleteRebuildAsync(this HttpClient client, HttpStatusCode expected)
    {
        using var answer = await client.DeleteAsync("/rebuild");
        return await ReadAsync(answer, expected);
    }

    /// <summary>Waits until no rebuild runs and this projector has ended one.</summary>
    public static async Task<JsonElement> RebuiltAsync(this HttpClient client)
    {
        var status = await Eventually.GetAsync(
            () => client.ReadAsync("/rebuild"),
            status => !status.GetProperty("isRunning").GetBoolean()
                && status.GetProperty("last").ValueKind == JsonValueKind.Object,
            "the rebuild has ended",
            TimeSpan.FromSeconds(60));
        Assert.Equal("completed", status.GetProperty("last").GetProperty("outcome").GetString());
        return status;
    }

    public static Task<JsonElement> GivenUpAsync(this HttpClient client) => Eventually.GetAsync(
        () => client.ReadAsync("/rebuild"),
        status => !status.GetProperty("isRunning").GetBoolean()
            && status.GetProperty("last") is { ValueKind: JsonValueKind.Object } last
            && last.GetProperty("outcome").GetString() == "givenUp",
        "the rebuild is given up",
        TimeSpan.FromSeconds(60));

    public static Task<JsonElement> HasFilledAsync(this HttpClient client, int orders) => Eventually.GetAsync(
        () => client.ReadAsync("/rebuild"),
        status => status.GetProperty("progress") is { ValueKind: JsonValueKind.Object } progress
            && progress.GetProperty("filled").GetInt64() >= orders
            && progress.GetProperty("percent").ValueKind == JsonValueKind.Number,
        $"{orders} are filled");

    public static string? Code(this JsonElement problem) => problem.GetProperty("code").GetString();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {body}");
        return JsonElement.Parse(body);
    }
}
