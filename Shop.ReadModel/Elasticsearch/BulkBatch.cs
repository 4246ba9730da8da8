using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Where each document of a batch stands. Bodies in flight report to it in parallel.</summary>
internal sealed class BulkBatch(IReadOnlyList<SerializedOrder> documents)
{
    private readonly Lock _lock = new();
    private readonly List<int> _conflicts = [];
    private List<int> _pending = [.. Enumerable.Range(0, documents.Count)];

    public IReadOnlyList<SerializedOrder> Documents => documents;
    public IndexOutcome[] Outcomes { get; } = new IndexOutcome[documents.Count];

    /// <summary>Positions to send again.</summary>
    public IReadOnlyList<int> Pending => _pending;

    /// <summary>Positions that the version guard refused: newer already, or changed by hand.</summary>
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
                $"Elasticsearch answered for {answer.Items.Count} of {positions.Count} documents of a bulk.");
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
                // 404: the index is gone. 403: it is blocked, or we may not write. No document is to blame.
                throw new ReadStoreUnavailableException($"Elasticsearch: {result.Status} {result.Error}");
        }
    }
}
