using Shop.Contracts;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Import;

/// <summary>
/// Takes a placed order through the transitions that lead to its imported status. The times of the transitions are not
/// known: each takes a typical time, or less if the order is too young for that.
/// </summary>
internal static class OrderHistory
{
    private const string Unknown = "imported";

    public static void Replay(Order order, string status, string key, DateTimeOffset now)
    {
        var clock = new StepClock(order.Document.PlacedAt, now, order.Document.Id);
        if (status is OrderStatuses.Placed)
            return;
        if (status is OrderStatuses.Cancelled)
        {
            order.Cancel(reason: null, clock.After(TimeSpan.FromHours(6)));
            return;
        }

        var reference = key[..Math.Min(key.Length, Math.Min(Limits.Reference, Limits.TrackingNumber))];
        order.Pay(Unknown, reference, clock.After(TimeSpan.FromMinutes(20)));
        if (status is OrderStatuses.Refunded)
            order.Refund(amount: null, reason: null, clock.After(TimeSpan.FromDays(2)));
        if (status is OrderStatuses.Shipped or OrderStatuses.Delivered)
            order.Ship(Unknown, reference, clock.After(TimeSpan.FromDays(1)));
        if (status is OrderStatuses.Delivered)
            order.Deliver(clock.After(TimeSpan.FromDays(3)));
    }

    private sealed class StepClock(DateTimeOffset start, DateTimeOffset end, Guid seed)
    {
        // Deterministic: the same line gives the same history.
        private readonly Random _random = new(seed.GetHashCode());
        private DateTimeOffset _at = start;

        public DateTimeOffset After(TimeSpan usually)
        {
            var step = usually * (0.5 + _random.NextDouble());
            var most = (end - _at) / 2;
            return _at += step < most ? step : most;
        }
    }
}
