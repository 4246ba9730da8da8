using System.Globalization;

namespace Shop.Projector.DeadLetters;

/// <summary>
/// Orders whose newest event could not be projected: the newest 1,000 of them. The dead-letter topic has them all, and
/// <see cref="DeadLetterFollower"/> reads it back after a restart.
/// </summary>
internal sealed class DeadLetterList
{
    private const int Capacity = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DeadLetter> _letters = new(StringComparer.Ordinal);
    private volatile int _count;

    public int Count => _count;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<DeadLetter> List()
    {
        lock (_lock)
            return [.. _letters.Values.OrderBy(letter => letter.Since)];
    }

    public DeadLetter? Find(string id)
    {
        lock (_lock)
            return _letters.GetValueOrDefault(id);
    }

    public void Add(DeadLetter letter)
    {
        lock (_lock)
        {
            if (!_letters.TryGetValue(letter.Id, out var known))
                _letters[letter.Id] = letter;
            else if (known.Last != letter.Last)
                _letters[letter.Id] = known.And(letter);
            if (_letters.Count > Capacity)
                _letters.Remove(_letters.Values.MinBy(candidate => candidate.Since)!.Id);
            _count = _letters.Count;
        }
    }

    /// <summary>Removes an order whose stored version is at least that of its dead letters.</summary>
    /// <returns>False if the order is not listed, or the stored version is older.</returns>
    public bool Remove(string id, long storedVersion)
    {
        lock (_lock)
        {
            var isHealed = _letters.TryGetValue(id, out var letter) && (letter.Version ?? 0) <= storedVersion;
            if (isHealed)
                _letters.Remove(id);
            _count = _letters.Count;
            return isHealed;
        }
    }
}

/// <param name="Id">The order's id; the event's coordinates if its key is not an order id.</param>
/// <param name="Reason">Why the first of the order's dead letters could not be projected.</param>
/// <param name="Since">When that was.</param>
/// <param name="First">Where that event is in the log; null if a reconciliation found the order.</param>
/// <param name="Events">How many of the order's events could not be projected.</param>
/// <param name="Version">The highest version among them; null if it is not known.</param>
internal sealed record DeadLetter(
    string Id, string Reason, DateTimeOffset Since, EventCoordinates? First, long Events, long? Version)
{
    internal EventCoordinates? Last { get; init; } = First;

    internal DeadLetter And(DeadLetter next) => this with
    {
        Events = Events + 1,
        Version = next.Version > (Version ?? 0) ? next.Version : Version,
        Last = next.Last,
    };
}

internal sealed record EventCoordinates(string Topic, int Partition, long Offset)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Partition}@{Offset}");
}
