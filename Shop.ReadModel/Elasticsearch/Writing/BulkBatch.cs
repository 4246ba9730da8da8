using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Client;

namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>The state of each document of a batch. Parallel bulk requests report their results to it.</summary>
internal sealed class BulkBatch(IReadOnlyList<SerializedOrder> documents)
{
    private readonly Lock _lock = new();
    private readonly List<int> _conflicts = [];
    private List<int> _pending = [.. Enumerable.Range(0, documents.Count)];

    public IReadOnlyList<SerializedOrder> Documents => documents;
    public IndexOutcome[] Outcomes { get; } = new IndexOutcome[documents.Count];

    /// <summary>Positions to send again.</summary>
    public IReadOnlyList<int> Pending => _pending;

    /// <summary>Positions with a version conflict: the stored version is newer, or the document was edited.</summary>
    public IReadOnlyList<int> Conflicts => _conflicts;

    public string? LastError { get; private set; }

    public IReadOnlyList<int> TakePending()
    {
        var taken = _pending;
        _pending = [];
        return taken;
    }

    public void Take(IReadOnlyList<int> positions, BulkAnswer answer)
    {
        if (answer.Items.Count != positions.Count)
        {
            throw new ReadStoreUnavailableException(
                $"Elasticsearch: the bulk response has {answer.Items.Count} items for {positions.Count} documents.");
        }

        lock (_lock)
        {
            for (var i = 0; i < positions.Count; i++)
                Take(positions[i], answer.Items[i].Result);
        }
    }

    public void Reject(int position, string reason) =>
        Outcomes[position] = new(documents[position].Id, IndexResult.Rejected, reason);

    public void Resolve(int position) =>
        Outcomes[position] = new(documents[position].Id, IndexResult.AlreadyNewer);

    public void SendAgain(int position, string reason)
    {
        _pending.Add(position);
        LastError = reason;
    }

    public IReadOnlyList<int> TakeConflicts()
    {
        int[] taken = [.. _conflicts];
        _conflicts.Clear();
        return taken;
    }

    private void Take(int position, BulkItemResult result)
    {
        switch (result.Status)
        {
            case >= 200 and < 300:
                Outcomes[position] = new(documents[position].Id, IndexResult.Applied);
                break;
            case 409:
                _conflicts.Add(position);
                break;
            case 400:
                Reject(position, $"{result.Error}");
                break;
            case var status when ElasticsearchErrors.IsTransient(status):
                SendAgain(position, $"{status} {result.Error}");
                break;
            default:
                // 404: the index is missing. 403: it is blocked, or writing is not permitted. Neither is caused by a
                // document.
                throw new ReadStoreUnavailableException($"Elasticsearch: {result.Status} {result.Error}");
        }
    }
}
