using System.Collections.Concurrent;
using Elastic.Clients.Elasticsearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Names;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.Elasticsearch;

public class ElasticsearchStores : IOrderStores, IAsyncDisposable
{
    // An index takes a second to create, so a class takes over a store of one that has ended.
    private static readonly ConcurrentDictionary<Type, ConcurrentBag<ElasticsearchStore>> Free = [];

    private readonly List<ElasticsearchStore> _stores = [];

    private ElasticsearchStore? _shared;

    static ElasticsearchStores() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DisposeOfFree();

    /// <summary>The same store each time, emptied: tests of a class follow each other.</summary>
    public async Task<OrderStore> CreateAsync()
    {
        if (_shared is null && !FreeOfKind.TryTake(out _shared))
            return (_shared = await StartAsync()).Store;

        await _shared.EmptyAsync();
        return _shared.Store;
    }

    internal async Task<ElasticsearchStore> CreateElasticsearchAsync()
    {
        var store = await StartAsync();
        _stores.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
            await store.DisposeAsync();
        if (_shared is { } shared)
            FreeOfKind.Add(shared);

        GC.SuppressFinalize(this);
    }

    /// <summary>For tests that leave other indices behind than they found.</summary>
    public sealed class Fresh : IOrderStores, IAsyncDisposable
    {
        private readonly ElasticsearchStores _stores = new();

        public async Task<OrderStore> CreateAsync() => (await _stores.CreateElasticsearchAsync()).Store;

        public ValueTask DisposeAsync() => _stores.DisposeAsync();
    }

    public virtual Task<string> GetConnectionStringAsync() => ElasticsearchServer.GetConnectionStringAsync();

    private ConcurrentBag<ElasticsearchStore> FreeOfKind => Free.GetOrAdd(GetType(), _ => []);

    private async Task<ElasticsearchStore> StartAsync()
    {
        var store = new ElasticsearchStore(await GetConnectionStringAsync());
        await store.Index.EnsureCreatedAsync(default);
        return store;
    }

    private static void DisposeOfFree()
    {
        foreach (var store in Free.Values.SelectMany(stores => stores))
        {
            try
            {
                store.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (ReadStoreUnavailableException)
            {
                // A server of the run's own has ended with it.
            }
        }
    }
}

/// <summary>A store as a service has it, with indices of its own that go with it.</summary>
internal sealed class ElasticsearchStore : IAsyncDisposable, IDisposable
{
    private readonly IHost _host;

    /// <param name="alias">Null for one of its own.</param>
    public ElasticsearchStore(
        string connectionString, Dictionary<string, string?>? settings = null, string? alias = null)
    {
        Alias = alias ?? $"test-{Guid.CreateVersion7():N}";
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:elasticsearch"] = connectionString,
            ["Elasticsearch:Alias"] = Alias,
            ["Elasticsearch:GenerationsLifetime"] = "00:00:00.1",
            // A busy machine takes long to create an index.
            ["Elasticsearch:RequestTimeout"] = "00:00:30",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddLogging();
        builder.Services.AddSingleton(Loops.Services);
        builder.AddElasticsearchStore("elasticsearch");
        _host = builder.Build();
        _host.Start();
    }

    public string Alias { get; }
    public ElasticsearchClient Client => Get<ElasticsearchClient>();
    public IOrderIndex Index => Get<IOrderIndex>();
    public IOrderSearch Search => Get<IOrderSearch>();
    public IIndexGenerations Generations => Get<IIndexGenerations>();
    public OrderStore Store => new(
        Index, Search, RefreshAsync, Generations, Get<IOrderStatistics>(), Get<INameIndex>(), Get<INameSearch>(),
        Get<IOrderExport>());

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public Task RefreshAsync() => SendAsync(Elastic.Transport.HttpMethod.POST, $"/{Alias}/_refresh");

    public async Task EmptyAsync()
    {
        List<Guid> ids = [];
        await foreach (var version in Index.VersionsAsync(default))
            ids.Add(version.Id);

        await Index.RemoveAsync(ids, default);
        await SendAsync(Elastic.Transport.HttpMethod.DELETE, $"/{Alias}-freshness/_doc/1");
        await RefreshAsync();
    }

    /// <summary>What a person does with curl.</summary>
    public async Task<RestAnswer> SendAsync(Elastic.Transport.HttpMethod method, string path, string body = "") =>
        await Get<ElasticsearchRest>().SendAsync(
            method, path, default, body.Length == 0 ? null : Elastic.Transport.PostData.String(body));

    /// <summary>Leaves the indices to another store that has the same ones.</summary>
    public void Dispose() => _host.Dispose();

    public async ValueTask DisposeAsync()
    {
        var indices = (await SendAsync(Elastic.Transport.HttpMethod.GET, $"/{Alias}*/_alias")).Json;
        foreach (var (index, _) in indices)
            await SendAsync(Elastic.Transport.HttpMethod.DELETE, $"/{index}");

        if (_host is IAsyncDisposable host)
            await host.DisposeAsync();
    }
}
