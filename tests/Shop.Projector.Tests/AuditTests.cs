using Shop.Contracts;
using Shop.Testing;

namespace Shop.Projector.Tests;

public sealed class AuditTests
{
    [SkippableFact]
    public async Task An_audit_at_start_makes_the_store_equal_to_the_write_side()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var same = shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var missing = shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var behind = shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var ahead = shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 2));
        var extra = Guid.CreateVersion7();
        await shop.Index.ApplyAsync(
            [
                .. new[] { same, SampleOrder.State(behind.Id, 1), SampleOrder.State(ahead.Id, 9),
                    SampleOrder.State(extra, 1), }.Select(SerializedOrder.From),
            ],
            default);

        var client = await shop.StartProjectorAsync();

        await client.AuditAsync(last => last.GetProperty("orders").GetInt64() == 4);
        Assert.Equal(
            shop.WriteSide.States.Keys.Order(), shop.Index.Documents.Keys.Order());
        Assert.All(shop.Index.Documents.Values, document => Assert.Equal(2, document.Version));
        Assert.Contains(missing.Id, shop.Index.Documents.Keys);
    }

    [SkippableFact]
    public async Task An_audit_on_request_heals_what_was_lost_meanwhile()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        for (var i = 0; i < 1200; i++)
            shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 1));
        var client = await shop.StartProjectorAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Documents.Count == 1200), "the audit at start is done");

        shop.Index.Documents.Clear();
        using var answer = await client.PostAsync("/audit", content: null);

        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
        await Eventually.HoldsAsync(
            () => Task.FromResult(shop.Index.Documents.Count == 1200), "the audit on request is done");
    }

    [SkippableFact]
    public async Task An_audit_waits_for_a_write_side_and_a_store_that_are_away()
    {
        await using var shop = await ProjectorFixture.CreateAsync();
        var order = shop.WriteSide.Add(SampleOrder.State(Guid.CreateVersion7(), 3));
        shop.Index.IsAway = true;
        var client = await shop.StartProjectorAsync(untilSettled: false);
        await Eventually.GetAsync(
            () => client.ReadAsync("/status"), status => status.GetProperty("storeTrouble").GetString() is not null,
            "the store is missed");
        shop.Index.IsAway = false;

        await shop.IsStoredAsync(order.Id, 3);
    }
}
