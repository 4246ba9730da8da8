using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NpgsqlTypes;
using Shop.WriteApi.Outbox;

namespace Shop.WriteApi.Tests.Outbox;

public sealed class AckTrackerTests
{
    [Property]
    public Property Only_the_contiguous_acknowledged_prefix_is_confirmed(byte[] sizes, int seed)
    {
        var tracker = new AckTracker();
        var random = new Random(seed);
        var waiting = new List<int>();
        var open = new List<(AckTracker.Transaction Transaction, int Pending)>();
        foreach (var size in sizes)
        {
            open.Add((tracker.Begin(null), size % 5));
            for (var i = 0; i < size % 5; i++)
            {
                open[^1].Transaction.Sending();
                waiting.Add(open.Count - 1);
            }

            open[^1].Transaction.Complete(End(open.Count));
            Acknowledge(random.Next(waiting.Count + 1));
            if (tracker.AdvanceTo(default) != Expected())
                return false.Label($"after {open.Count} transactions");
        }

        Acknowledge(waiting.Count);
        return (tracker.IsIdle && tracker.AdvanceTo(default) == End(sizes.Length)).Label("at the end");

        void Acknowledge(int count)
        {
            for (; count > 0; count--)
            {
                var index = random.Next(waiting.Count);
                var number = waiting[index];
                waiting.RemoveAt(index);
                open[number].Transaction.Acknowledged();
                open[number] = (open[number].Transaction, open[number].Pending - 1);
            }
        }

        NpgsqlLogSequenceNumber Expected() => End(open.TakeWhile(t => t.Pending == 0).Count());
    }

    [Fact]
    public void A_reported_position_counts_only_when_nothing_is_in_flight()
    {
        var tracker = new AckTracker();
        Assert.Equal(new(50), tracker.AdvanceTo(new(50)));

        var transaction = tracker.Begin(null);
        Assert.Equal(new(50), tracker.AdvanceTo(new(100)));

        transaction.Sending();
        transaction.Complete(new(90));
        Assert.Equal(new(50), tracker.AdvanceTo(new(100)));

        transaction.Acknowledged();
        Assert.Equal(new(100), tracker.AdvanceTo(new(100)));
        Assert.Equal(new(100), tracker.AdvanceTo(default));
    }

    [Fact]
    public void A_transaction_without_events_of_ours_ends_at_its_commit()
    {
        var tracker = new AckTracker();
        tracker.Begin(null).Complete(new(70));
        Assert.Equal(new(70), tracker.AdvanceTo(default));
    }

    private static NpgsqlLogSequenceNumber End(int transactions) => new((ulong)transactions * 10);
}
