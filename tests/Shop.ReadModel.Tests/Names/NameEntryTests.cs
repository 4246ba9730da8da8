using FsCheck.Xunit;
using Shop.Contracts;
using Shop.ReadModel.Names;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Names;

public sealed class NameEntryTests
{
    [Property]
    public void Names_do_not_depend_on_the_order_the_batches_or_the_repetition_of_events(int seed)
    {
        var random = new Random(seed);
        var events = NamesContract.RandomEvents(random);
        var expected = Sorted(NameEntry.Of(events));

        OrderDocument[] again = [.. events, .. events.Where(_ => random.Next(2) == 0)];
        random.Shuffle(again);
        var merged = again.Chunk(random.Next(1, 10)).SelectMany(some => NameEntry.Of(some))
            .GroupBy(name => name.Key).Select(same => same.Aggregate((first, second) => first.Merge(second)));

        Assert.Equal(expected, Sorted(merged));
    }

    [Property]
    public void A_name_is_that_of_the_newest_version_and_its_latest_order_the_last_that_was_placed(int seed)
    {
        var events = NamesContract.RandomEvents(new(seed));

        Assert.All(NameEntry.Of(events).Where(name => name.Key.Kind == NameKind.Customer), name =>
        {
            var own = events.Where(order => $"{order.Customer.Id}" == name.Key.Id).ToList();
            var newest = own.MaxBy(order => (order.UpdatedAt, order.Version, order.Id))!;
            Assert.Equal((newest.Customer.Name, newest.Customer.Email), (name.Text, name.Email));
            Assert.Equal(own.Max(order => order.PlacedAt), name.LatestOrderAt);
        });
    }

    [Fact]
    public void Twice_as_many_orders_are_worth_two_months()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(NameWeight.Of(2, now.AddDays(-62.4), now), NameWeight.Of(1, now, now), precision: 2);
        Assert.Equal(NameWeight.Of(1, now, now), NameWeight.Of(1, now.AddYears(1_000), now));
    }

    private static List<NameEntry> Sorted(IEnumerable<NameEntry> names) =>
        [.. names.OrderBy(name => $"{name.Key}", StringComparer.Ordinal)];
}
