using Shop.Projector.DeadLetters;
using Shop.Projector.Projecting;
using Shop.ReadModel;

namespace Shop.Projector.Reconciling;

/// <summary>
/// Projects orders with dead letters again, from what the write database has now. An order that it does not have needs
/// no projection.
/// </summary>
internal sealed class DeadLetterRetry(
    DeadLetterList list, DeadLetterTopic deadLetters, WriteApiClient writeApi, ReadStore store)
{
    /// <returns>Null if the order has no dead letter.</returns>
    public async Task<RetryResult?> RetryAsync(string id, CancellationToken cancellationToken)
    {
        if (list.Find(id) is null)
            return null;

        var documents = Guid.TryParse(id, out var order)
            ? await writeApi.DocumentsAsync([order], cancellationToken)
            : [];
        if (documents.Count > 0)
        {
            var outcome = (await store.RepairAsync(documents, cancellationToken))[0];
            if (outcome.Result == IndexResult.Rejected)
                return new(id, IsHealed: false, outcome.Reason);
        }

        deadLetters.Resolve(id, long.MaxValue);
        return new(id, IsHealed: true, Reason: null);
    }

    public async Task<List<RetryResult>> RetryAllAsync(CancellationToken cancellationToken)
    {
        List<RetryResult> results = [];
        foreach (var letter in list.List())
        {
            if (await RetryAsync(letter.Id, cancellationToken) is { } result)
                results.Add(result);
        }

        return results;
    }
}

/// <param name="Reason">Why the store rejected it again.</param>
internal sealed record RetryResult(string Id, bool IsHealed, string? Reason);
