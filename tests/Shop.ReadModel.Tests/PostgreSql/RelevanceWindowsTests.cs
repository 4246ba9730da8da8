using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.Searching;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>Searches that find more orders than are ranked at a time.</summary>
public sealed class RelevanceWindowsTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private const int Matches = 4_000;
    private static readonly DateTimeOffset Newest = new(2031, 3, 1, 0, 30, 0, TimeSpan.Zero);

    [Fact]
    public async Task Matches_of_days_months_and_decades_are_ranked_window_by_window()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] matches = [.. Enumerable.Range(0, Matches).Select(Match)];
        var others = Enumerable.Range(0, 500).Select(number => Order(Match(number).PlacedAt, "Chair", "Seats", "oak"));
        foreach (var batch in matches.Concat(others).Chunk(1_500))
            await store.Index.ApplyAsync(batch, default);

        var seen = await PagesAsync(store, Orders.All with { Text = SearchTextParser.Parse("lamp", out _), Size = 100 });

        Assert.Equal(matches.Select(order => order.Id).Order(), seen.Select(order => order.Id).Order());
        List<List<OrderDocument>> windows = [];
        foreach (var order in seen)
        {
            if (windows is not [.., [.., var last]] || Key(order).CompareTo(Key(last)) > 0)
                windows.Add([]);
            windows[^1].Add(order);
        }

        Assert.InRange(windows.Count, 3, 7);
        Assert.All(windows.Zip(windows.Skip(1)), pair =>
            Assert.True(pair.First.Min(order => order.PlacedAt) > pair.Second.Max(order => order.PlacedAt)));
    }

    [Fact]
    public void Each_time_of_a_window_has_one_of_its_days_or_months()
    {
        var random = new Random(5);
        var named = 0;
        for (var i = 0; i < 5_000; i++)
        {
            var last = new DateTime(random.NextInt64(TimeSpan.TicksPerDay * 1_000, DateTime.MaxValue.Ticks + 1), DateTimeKind.Utc);
            var first = last - TimeSpan.FromDays(900 * Math.Pow(random.NextDouble(), 4));
            if (Lexemes.Within(first, last) is not { } within)
                continue;

            named++;
            var between = first + ((last - first) * random.NextDouble());
            Assert.All((DateTime[])[first, between, last], time =>
                Assert.Contains(within.Split(" | "), date => Lexemes.Dates(time).Contains(date.Trim('\''))));
        }

        Assert.InRange(named, 4_000, 5_000);
        Assert.Null(Lexemes.Within(DateTime.MaxValue, DateTime.MinValue));
        Assert.Null(Lexemes.Within(DateTime.MinValue, DateTime.MaxValue));
    }

    // A third of them in four days, a third in ten months, and a third in thirty years.
    private static OrderDocument Match(int number)
    {
        var age = (number % 3) switch { 0 => 4.0, 1 => 300.0, _ => 11_000.0 } * number / Matches;
        var placedAt = Newest - TimeSpan.FromDays(age) - TimeSpan.FromSeconds(number % 3);
        return (number % 7) switch
        {
            0 => Order(placedAt, "Desk Lamp", "Lights", "oak"),
            1 => Order(placedAt, "Desk", "Lamps", "oak"),
            _ => Order(placedAt, "Desk", "Lights", "lampshade"),
        };
    }

    private static OrderDocument Order(DateTimeOffset placedAt, string product, string category, string note) =>
        Orders.New(order => order with
        {
            PlacedAt = placedAt,
            Lines = [Orders.Line(product, category: category)],
            Note = note,
        });

    /// <summary>The parts of the rank, and then the time.</summary>
    private static (int Rank, DateTimeOffset PlacedAt, Guid Id) Key(OrderDocument order) =>
        (order.Lines[0].Name.Contains("Lamp", StringComparison.Ordinal) ? 8 : order.Lines[0].Category == "Lamps" ? 2 : 1,
            order.PlacedAt, order.Id);

    private static async Task<List<OrderDocument>> PagesAsync(OrderStore store, OrderQuery query)
    {
        List<OrderDocument> orders = [];
        while (true)
        {
            var page = await store.SearchAsync(query);
            orders.AddRange(page.Orders.Select(order => order.Document));
            Assert.Equal(new(Matches, false), page.Total);
            if (page.Next is not { } next)
                return orders;

            query = query with { After = next };
        }
    }
}
