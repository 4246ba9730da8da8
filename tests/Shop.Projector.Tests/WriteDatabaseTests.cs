using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Shop.Contracts;
using Shop.Projector.Tests.Rebuilding;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>The real write API, its relay and both real stores when the write database is exchanged.</summary>
public sealed class WriteDatabaseTests
{
    private const string PostgreSql = "postgresql";
    private const string Elasticsearch = "elasticsearch";

    [SkippableTheory]
    [InlineData(PostgreSql, 0)]
    [InlineData(PostgreSql, 3)]
    [InlineData(Elasticsearch, 0)]
    [InlineData(Elasticsearch, 3)]
    public async Task Another_write_database_removes_nothing_until_an_operator_confirms_it(string store, int orders)
    {
        await using var shop = await RealShop.StartAsync(store);
        for (var i = 0; i < 12; i++)
            await shop.WriteApi.PlaceOrderAsync();
        await shop.IsEqualAsync();
        var stored = await shop.StoredAsync();

        await shop.WriteApi.StartAsync();
        for (var i = 0; i < orders; i++)
            await shop.WriteApi.PlaceOrderAsync();

        await shop.RefusesAsync("come from");
        await shop.RefusesRebuildAsync("come from");
        Assert.Empty(stored.Except(await shop.StoredAsync()));
        await shop.ConfirmAsync();
    }

    [SkippableTheory]
    [InlineData(PostgreSql)]
    [InlineData(Elasticsearch)]
    public async Task A_write_database_restored_from_a_backup_sets_nothing_back_until_an_operator_confirms_it(
        string store)
    {
        await using var shop = await RealShop.StartAsync(store);
        var paid = await shop.WriteApi.PlaceOrderAsync();
        await shop.WriteApi.PlaceOrderAsync();
        var backup = await shop.WriteApi.BackUpAsync();
        await shop.WriteApi.PayAsync(paid);
        await shop.WriteApi.PlaceOrderAsync();
        await shop.IsEqualAsync();
        var stored = await shop.StoredAsync();

        await shop.WriteApi.StartAsync(backup);

        await shop.RefusesAsync("older backup");
        await shop.RefusesRebuildAsync("older backup");
        Assert.Equal(stored, await shop.StoredAsync());
        await shop.ConfirmAsync();
        Assert.Equal(2, (await shop.StoredAsync()).Count);
    }

    [SkippableTheory]
    [InlineData(PostgreSql)]
    [InlineData(Elasticsearch)]
    public async Task A_deep_reconciliation_repairs_a_document_that_was_edited_by_hand(string store)
    {
        await using var shop = await RealShop.StartAsync(store);
        var edited = await shop.WriteApi.PlaceOrderAsync();
        await shop.WriteApi.PlaceOrderAsync();
        await shop.IsEqualAsync();
        var before = await shop.ContentsAsync();
        // Events and feeds have the same bytes.
        Assert.Equal(0, (await shop.ReconcileDeepAsync()).GetProperty("different").GetInt64());

        await shop.Store.EditNoteAsync(edited);
        Assert.NotEqual(before, await shop.ContentsAsync());

        Assert.Equal(1, (await shop.ReconcileDeepAsync()).GetProperty("different").GetInt64());
        Assert.Equal(before, await shop.ContentsAsync());
    }

    /// <summary>A projector between the real write API and a real store.</summary>
    private sealed class RealShop(ProjectorFixture fixture, IRebuildStore store) : IAsyncDisposable
    {
        public IRebuildStore Store => store;

        public RealWriteApi WriteApi { get; } = new(fixture);

        private HttpClient Client { get; set; } = null!;

        public static async Task<RealShop> StartAsync(string name)
        {
            var store = name == PostgreSql
                ? await PostgreSqlRebuildStore.CreateAsync()
                : await ElasticsearchRebuildStore.CreateAsync();
            var fixture = await ProjectorFixture.CreateAsync(addStore: projector =>
            {
                projector.Configuration.AddInMemoryCollection(store.Settings);
                projector.AddReadModel();
            });
            var shop = new RealShop(fixture, store);
            await shop.WriteApi.StartAsync();
            shop.Client = await fixture.StartProjectorAsync(
                settings: new Dictionary<string, string?> { ["services:write-api:http:0"] = shop.WriteApi.Address });
            return shop;
        }

        public async Task<List<OrderVersion>> StoredAsync() => await fixture.Store.VersionsAsync(default).ToListAsync();

        public async Task<List<StoredContent>> ContentsAsync() =>
            await fixture.Store.ContentHashesAsync(default).ToListAsync();

        /// <summary>Waits until the store has exactly the orders and versions of the write database.</summary>
        public Task IsEqualAsync() => Eventually.HoldsAsync(
            async () => (await StoredAsync()).SequenceEqual(await WriteApi.VersionsAsync()), "read = write");

        /// <summary>Waits until a reconciliation refuses for this reason and <c>/health/lag</c> says so.</summary>
        public async Task RefusesAsync(string reason)
        {
            await RequestAsync("/reconcile");
            var last = await Client.ReconciledAsync(
                last => last.GetProperty("refusal").GetString()?.Contains(reason, StringComparison.Ordinal) == true);
            var confirm = $"POST /reconcile?confirm={await WriteApi.GetDatabaseIdAsync()}";
            Assert.Contains(confirm, last.GetProperty("refusal").GetString());
            await Client.LagIsAsync(HttpStatusCode.ServiceUnavailable, confirm);
        }

        /// <summary>Waits until a rebuild is given up for this reason.</summary>
        public async Task RefusesRebuildAsync(string reason)
        {
            await RequestAsync("/rebuild");
            var status = await Client.GivenUpAsync();
            Assert.Contains(reason, status.GetProperty("last").GetProperty("reason").GetString());
        }

        public async Task ConfirmAsync()
        {
            await RequestAsync($"/reconcile?confirm={await WriteApi.GetDatabaseIdAsync()}");
            await IsEqualAsync();
            await Client.LagIsAsync(HttpStatusCode.OK, "");
        }

        public async Task<JsonElement> ReconcileDeepAsync()
        {
            await Client.SettledAsync();
            await RequestAsync("/reconcile?deep=true");
            await Client.SettledAsync();
            return (await Client.ReadAsync("/reconcile")).GetProperty("last");
        }

        public async ValueTask DisposeAsync()
        {
            await fixture.DisposeAsync();
            await WriteApi.DisposeAsync();
            await store.DisposeAsync();
        }

        private async Task RequestAsync(string path)
        {
            using var response = await Client.PostAsync(path, content: null);
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        }
    }
}
