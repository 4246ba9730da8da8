using Shop.Testing;

namespace Shop.Projector.Tests.Elasticsearch;

/// <summary>Bulk requests that fail on their way. No reconciliation is requested: the projector recovers by itself.</summary>
public sealed class FaultyBulkTests
{
    private readonly Guid[] _orders = [.. Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7())];

    [SkippableFact]
    public async Task All_orders_arrive_though_bulks_are_refused_in_whole_and_part_and_answers_are_lost()
    {
        await using var shop = await ElasticsearchShop.StartAsync();
        var bulks = 0;
        shop.Proxy.OnBulk = (bulk, send) => (Interlocked.Increment(ref bulks) % 6) switch
        {
            1 => BulkFaults.Refuse(429),
            2 => BulkFaults.RefuseItemsAsync(bulk, send, 429, operation => Digit(operation) % 3 == 0),
            3 => BulkFaults.RefuseItemsAsync(bulk, send, 503, operation => Digit(operation) % 3 != 0),
            4 => BulkFaults.LoseAnswerAsync(bulk, send),
            5 => BulkFaults.Refuse(503),
            _ => ElasticsearchProxy.PassAsync(bulk, send),
        };

        // As many as it takes for each kind of fault to have come twice.
        for (var version = 1; Volatile.Read(ref bulks) < 12; version++)
            await shop.PublishAsync(_orders, version);

        await shop.ReadEqualsWriteAsync();
    }

    [SkippableFact]
    public async Task A_rejected_document_is_a_dead_letter_until_a_reconciliation_repairs_its_order()
    {
        await using var shop = await ElasticsearchShop.StartAsync();
        var poison = $"{_orders[7]}";
        shop.Proxy.OnBulk = (bulk, send) => BulkFaults.RefuseItemsAsync(
            bulk, send, 400, operation => operation.Contains(poison, StringComparison.Ordinal));

        await shop.PublishAsync(_orders, version: 1);

        await Eventually.GetAsync(
            () => shop.Client.ReadAsync("/dead-letters"),
            letters => letters.GetArrayLength() == 1 && letters[0].GetProperty("id").GetString() == poison,
            "the order has a dead letter");
        await Eventually.GetAsync(
            shop.CountAsync, count => count == _orders.Length - 1, "the others are searchable");

        shop.Proxy.OnBulk = ElasticsearchProxy.PassAsync;
        await shop.ReadEqualsWriteAsync();
        await Eventually.GetAsync(
            () => shop.Client.ReadAsync("/dead-letters"), letters => letters.GetArrayLength() == 0, "it has no dead letter");
    }

    // The last one of the id, which stands at the beginning.
    private static int Digit(string operation) => operation.Split('"')[5][^1];
}
