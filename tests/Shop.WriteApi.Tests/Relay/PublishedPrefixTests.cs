using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NpgsqlTypes;
using Shop.WriteApi.Relay;

namespace Shop.WriteApi.Tests.Relay;

public sealed class PublishedPrefixTests
{
    [Property]
    public Property Only_the_contiguous_acknowledged_prefix_is_confirmed(byte[] sizes, int seed)
    {
        var prefix = new PublishedPrefix();
        var random = new Random(seed);
        var waiting = new List<int>();
        var open = new List<(PublishedPrefix.Transaction Transaction, int Pending)>();
        foreach (var size in sizes)
        {
            open.Add((prefix.Begin(), size % 5));
            for (var i = 0; i < size % 5; i++)
            {
                open[^1].Transaction.Sending();
                waiting.Add(open.Count - 1);
            }

            open[^1].Transaction.Complete(End(open.Count));
            Acknowledge(random.Next(waiting.Count + 1));
            if (prefix.Confirmable(default) != Expected())
                return false.Label($"after {open.Count} transactions");
        }

        Acknowledge(waiting.Count);
        return (prefix.IsIdle && prefix.Confirmable(default) == End(sizes.Length)).Label("at the end");

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
        var prefix = new PublishedPrefix();
        Assert.Equal(new(50), prefix.Confirmable(new(50)));

        var transaction = prefix.Begin();
        Assert.Equal(default, prefix.Confirmable(new(100)));

        transaction.Sending();
        transaction.Complete(new(90));
        Assert.Equal(default, prefix.Confirmable(new(100)));

        transaction.Acknowledged();
        Assert.Equal(new(100), prefix.Confirmable(new(100)));
        Assert.Equal(new(90), prefix.Confirmable(default));
    }

    [Fact]
    public void A_transaction_without_events_of_ours_ends_at_its_commit()
    {
        var prefix = new PublishedPrefix();
        prefix.Begin().Complete(new(70));
        Assert.Equal(new(70), prefix.Confirmable(default));
    }

    private static NpgsqlLogSequenceNumber End(int transactions) => new((ulong)transactions * 10);
}
