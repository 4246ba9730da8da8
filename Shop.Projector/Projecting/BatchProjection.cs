using Shop.Contracts;
using Shop.Projector.Consuming;

namespace Shop.Projector.Projecting;

/// <summary>What a batch comes to: each order's newest readable version, and the events that cannot be read.</summary>
internal sealed class BatchProjection
{
    private readonly Dictionary<Guid, List<OrderEventRecord>> _older = [];

    private BatchProjection(int capacity) => (Documents, Sources) = (new(capacity), new(capacity));

    public List<SerializedOrder> Documents { get; }

    /// <summary>The record that each document was made from, in the same order.</summary>
    public List<OrderEventRecord> Sources { get; }

    public List<(OrderEventRecord Record, string Reason)> Unreadable { get; } = [];

    public static BatchProjection Of(IReadOnlyCollection<OrderEventRecord> records)
    {
        var newest = new Dictionary<Guid, OrderEventRecord>(records.Count);
        var projection = new BatchProjection(records.Count);
        foreach (var record in records)
        {
            if (record.OrderId is not { } id || record.Version is null)
                projection.Unreadable.Add((record, "The key is no order id or the version header is missing."));
            else if (!newest.TryAdd(id, record))
                newest[id] = projection.Newer(newest[id], record);
        }

        foreach (var record in newest.Values)
            projection.Project(record);
        return projection;
    }

    // Superseded values are not read: full state makes the newest enough. They are kept for when it is unreadable.
    private OrderEventRecord Newer(OrderEventRecord known, OrderEventRecord record)
    {
        var (newer, older) = record.Version > known.Version ? (record, known) : (known, record);
        if (!_older.TryGetValue(older.OrderId!.Value, out var list))
            _older[older.OrderId.Value] = list = [];
        list.Add(older);
        return newer;
    }

    private void Project(OrderEventRecord record)
    {
        if (TryProject(record) || !_older.TryGetValue(record.OrderId!.Value, out var older))
            return;

        foreach (var fallback in older.OrderByDescending(candidate => candidate.Version))
        {
            if (TryProject(fallback))
                return;
        }
    }

    private bool TryProject(OrderEventRecord record)
    {
        try
        {
            var document = OrderEventReader.Read(record.Type, record.Value);
            if (document.Id != record.OrderId || document.Version != record.Version)
                throw new UnreadableEventException("The value is not of the order and version that the message names.");
            Documents.Add(document);
            Sources.Add(record);
            return true;
        }
        catch (UnreadableEventException exception)
        {
            Unreadable.Add((record, exception.Message));
            return false;
        }
    }
}
