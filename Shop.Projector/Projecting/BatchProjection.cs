using Shop.Contracts;

namespace Shop.Projector.Projecting;

/// <summary>
/// The orders of a batch, each with its events from the newest version down. An event's document is the order's full
/// state, so the newest that can be projected is enough: older ones are read only if newer ones fail.
/// </summary>
internal sealed class BatchProjection
{
    private readonly Dictionary<Guid, Stack<OrderEventRecord>> _older = [];

    private BatchProjection()
    {
    }

    /// <summary>The next document to store of each order, in the order of <see cref="Sources"/>.</summary>
    public List<SerializedOrder> Documents { get; } = [];

    /// <summary>The records that the documents come from.</summary>
    public List<OrderEventRecord> Sources { get; } = [];

    public List<(OrderEventRecord Record, string Reason)> Unreadable { get; } = [];

    public static BatchProjection Of(IReadOnlyCollection<OrderEventRecord> records)
    {
        var newest = new Dictionary<Guid, OrderEventRecord>(records.Count);
        var projection = new BatchProjection();
        foreach (var record in records)
        {
            if (record.OrderId is not { } id)
                projection.Unreadable.Add((record, "The key is not an order id."));
            else if (record.Version is null)
                projection.Unreadable.Add((record, "The version header is missing or not a version."));
            else if (!newest.TryAdd(id, record))
                newest[id] = projection.Newer(newest[id], record);
        }

        foreach (var (id, older) in projection._older)
            projection._older[id] = new(older.OrderBy(record => record.Version));
        foreach (var record in newest.Values)
            projection.Read(record);
        return projection;
    }

    /// <summary>The next older versions of orders whose documents were rejected.</summary>
    public BatchProjection Fallbacks(IEnumerable<Guid> rejected)
    {
        var next = new BatchProjection();
        foreach (var id in rejected)
        {
            if (!_older.Remove(id, out var older) || !older.TryPop(out var record))
                continue;

            next._older[id] = older;
            next.Read(record);
        }

        return next;
    }

    private OrderEventRecord Newer(OrderEventRecord known, OrderEventRecord record)
    {
        var (newer, older) = record.Version > known.Version ? (record, known) : (known, record);
        if (!_older.TryGetValue(older.OrderId!.Value, out var list))
            _older[older.OrderId.Value] = list = [];
        list.Push(older);
        return newer;
    }

    private void Read(OrderEventRecord? record)
    {
        while (record is not null && !TryRead(record))
            record = _older.GetValueOrDefault(record.OrderId!.Value)?.TryPop(out var older) == true ? older : null;
    }

    private bool TryRead(OrderEventRecord record)
    {
        try
        {
            var document = OrderEventReader.Read(record.Type, record.Value);
            if (document.Id != record.OrderId || document.Version != record.Version)
                throw new UnreadableEventException("The document has another id or version than the key and headers.");
            Documents.Add(document);
            Sources.Add(record);
            return true;
        }
#pragma warning disable CA1031 // Whatever is wrong with one event concerns no other.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Unreadable.Add((record, exception.Message));
            return false;
        }
    }
}
