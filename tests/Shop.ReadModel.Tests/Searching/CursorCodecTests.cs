using FsCheck.Xunit;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Tests.Searching;

public sealed class CursorCodecTests
{
    private static readonly CursorCodec Codec = new([1, 2, 3]);

    private static readonly OrderQuery Query = new()
    {
        Scope = CallerScope.Everything,
        Text = SearchTextParser.Parse("red lamp -desk", out _),
        Filters = OrderFilters.None with { Statuses = ["paid"], TotalFrom = 5 },
    };

    [Property]
    public bool A_position_comes_back(string[] values)
    {
        PagePosition position = new([.. (values ?? []).Select(Printable)]);
        var decoded = Codec.Decode(Codec.Encode(position, Query), Query);
        return decoded.Values.SequenceEqual(position.Values);
    }

    [Fact]
    public void Every_change_of_a_cursor_is_refused()
    {
        var cursor = Codec.Encode(new(["1", "2"]), Query);
        for (var i = 0; i < cursor.Length; i++)
        {
            var changed = string.Concat(cursor.AsSpan(0, i), cursor[i] == 'A' ? "B" : "A", cursor.AsSpan(i + 1));
            Assert.Throws<InvalidCursorException>(() => Codec.Decode(changed, Query));
            Assert.Throws<InvalidCursorException>(() => Codec.Decode(cursor[..i], Query));
        }
    }

    [Theory]
    [InlineData(" ", "")]
    [InlineData("", "\n")]
    public void White_space_around_a_cursor_is_refused(string before, string after)
    {
        var cursor = Codec.Encode(new(["1"]), Query);

        Assert.Throws<InvalidCursorException>(() => Codec.Decode(before + cursor + after, Query));
    }

    [Fact]
    public void Values_of_a_filter_may_come_in_another_order()
    {
        var query = Query with { Filters = Query.Filters with { Statuses = ["paid", "placed"] } };
        var other = Query with { Filters = Query.Filters with { Statuses = ["placed", "paid"] } };

        Assert.Equal(["1"], Codec.Decode(Codec.Encode(new(["1"]), query), other).Values);
    }

    [Fact]
    public void A_cursor_belongs_to_its_search_alone()
    {
        var cursor = Codec.Encode(new(["1"]), Query);
        OrderQuery[] others =
        [
            Query with { Scope = CallerScope.Of(Guid.CreateVersion7()) },
            Query with { Sort = OrderSort.Oldest },
            Query with { Text = SearchText.Empty },
            Query with { Text = SearchTextParser.Parse("red lamp desk", out _) },
            Query with { Filters = OrderFilters.None },
            Query with { Filters = Query.Filters with { Statuses = ["placed"] } },
            Query with { Filters = Query.Filters with { Statuses = [], Skus = ["paid"] } },
            Query with { Filters = Query.Filters with { TotalFrom = null, TotalTo = 5 } },
        ];

        Assert.All(others, other => Assert.Throws<InvalidCursorException>(() => Codec.Decode(cursor, other)));
        Assert.Throws<InvalidCursorException>(() => new CursorCodec([4]).Decode(cursor, Query));
        Assert.Single(Codec.Decode(cursor, Query with { Size = 99, Facets = [OrderFacet.Sku] }).Values);
    }

    [Property(MaxTest = 500)]
    public void Anything_else_is_refused(string cursor) =>
        Assert.Throws<InvalidCursorException>(() => Codec.Decode(cursor ?? "", Query));

    // Positions are made by stores, which write no halves of surrogate pairs.
    private static string Printable(string? value) => string.Concat((value ?? "").Where(c => !char.IsSurrogate(c)));
}
