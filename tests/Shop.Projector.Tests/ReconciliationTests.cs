using System.Net;
using System.Text.Json;
using Shop.Contracts;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class ReconciliationTests
{
    [SkippableFact]
    public async Task A_reconciliation_at_start_makes_the_store_equal_to_the_write_database()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var same = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var missing = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var behind = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        await StoreAsync(shop, same, SampleOrder.State(behind.Id, 1), SampleOrder.State(Guid.CreateVersion7(), 1));

        var client = await shop.StartProjectorAsync();

        await client.ReconciledAsync(last => last.GetProperty("orders").GetInt64() == 3);
        Assert.Equal(shop.WriteApi.States.Keys.Order(), shop.Index.Documents.Keys.Order());
        Assert.All(shop.Index.Documents.Values, document => Assert.Equal(2, document.Version));
        Assert.Contains(missing.Id, shop.Index.Documents.Keys);
    }

    [SkippableFact]
    public async Task A_requested_reconciliation_repairs_documents_that_were_lost_meanwhile()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        for (var i = 0; i < 1200; i++)
            shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 1));
        var client = await shop.StartProjectorAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Documents.Count == 1200), "the reconciliation at start is done");

        shop.Index.Documents.Clear();
        using var answer = await client.PostAsync("/reconcile", content: null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Documents.Count == 1200), "the requested reconciliation is done");
    }

    [SkippableFact]
    public async Task A_reconciliation_waits_for_a_store_that_does_not_respond()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var order = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 3));
        shop.Index.IsAway = true;
        var client = await shop.StartProjectorAsync(untilSettled: false);
        await Eventually.GetAsync(
            () => client.ReadAsync("/status"), status => status.GetProperty("storeError").GetString() is not null,
            "the store is missed");
        shop.Index.IsAway = false;

        await shop.IsStoredAsync(order.Id, 3);
    }

    [SkippableFact]
    public async Task An_empty_write_database_removes_nothing_until_an_operator_confirms_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        await StoreAsync(shop, [.. Enumerable.Range(0, 24).Select(_ => SampleOrder.State(Guid.CreateVersion7(), 1))]);

        var client = await shop.StartProjectorAsync();

        await RefusedAsync(client, shop, "24 of 24");
        Assert.Equal(24, shop.Index.Documents.Count);
        await ConfirmAsync(client, shop);
        Assert.Empty(shop.Index.Documents);
    }

    [SkippableFact]
    public async Task A_write_database_restored_from_an_older_backup_sets_nothing_back_until_an_operator_confirms_it()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.StartHeartbeats();
        var ahead = SampleOrder.State(Guid.CreateVersion7(), 9);
        shop.WriteApi.Add(SampleOrder.State(ahead.Id, 2));
        var missing = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 1));
        await StoreAsync(shop, ahead);

        var client = await shop.StartProjectorAsync();

        await RefusedAsync(client, shop, "older backup");
        Assert.Equal(9, shop.Index.Documents[ahead.Id].Version);
        Assert.Contains(missing.Id, shop.Index.Documents.Keys);
        await ConfirmAsync(client, shop);
        Assert.Equal(2, shop.Index.Documents[ahead.Id].Version);
    }

    [SkippableFact]
    public async Task Confirming_another_write_database_than_the_connected_one_changes_nothing()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        await StoreAsync(shop, [.. Enumerable.Range(0, 24).Select(_ => SampleOrder.State(Guid.CreateVersion7(), 1))]);
        var client = await shop.StartProjectorAsync();

        using (await client.PostAsync($"/reconcile?confirm={Guid.CreateVersion7()}", content: null))
        {
            await client.ReconciledAsync(
                last => last.GetProperty("refusal").GetString()?.Contains("but the write API serves") == true);
        }

        Assert.Equal(24, shop.Index.Documents.Count);
    }

    [SkippableFact]
    public async Task An_empty_read_store_takes_the_identity_of_the_write_database()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        shop.Index.DatabaseId = Guid.CreateVersion7();
        var order = shop.WriteApi.Add(SampleOrder.State(Guid.CreateVersion7(), 1));

        await shop.StartProjectorAsync();

        await shop.IsStoredAsync(order.Id, 1);
        Assert.Equal(shop.WriteApi.DatabaseId, shop.Index.DatabaseId);
    }

    private static async Task StoreAsync(ProjectorFixture shop, params OrderDocument[] documents)
    {
        shop.Index.DatabaseId = shop.WriteApi.DatabaseId;
        await shop.Index.ApplyAsync([.. documents.Select(SerializedOrder.From)], default);
    }

    private static async Task RefusedAsync(HttpClient client, ProjectorFixture shop, string reason)
    {
        var last = await client.ReconciledAsync(last => last.GetProperty("refusal").ValueKind == JsonValueKind.String);
        var refusal = last.GetProperty("refusal").GetString();
        Assert.Contains(reason, refusal);
        Assert.Contains($"POST /reconcile?confirm={shop.WriteApi.DatabaseId}", refusal);
        using var lag = await client.GetAsync("/health/lag");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lag.StatusCode);
        Assert.Contains("reconciliation: ", await lag.Content.ReadAsStringAsync());
    }

    private static async Task ConfirmAsync(HttpClient client, ProjectorFixture shop)
    {
        using (await client.PostAsync($"/reconcile?confirm={shop.WriteApi.DatabaseId}", content: null))
            await client.ReconciledAsync(last => last.GetProperty("refusal").ValueKind == JsonValueKind.Null);
        await client.LagIsAsync(HttpStatusCode.OK, "");
    }
}
