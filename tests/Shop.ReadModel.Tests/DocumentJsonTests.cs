using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests;

public sealed class DocumentJsonTests
{
    private static readonly OrderDocument Order = Orders.New(order => order with
    {
        Version = 7,
        Paid = new(1_000, "EUR"),
        Shipment = new("DHL", "00340434161094015902"),
        Note = "Ring twice",
    });

    private static readonly string Json = JsonSerializer.Serialize(Order, ReadModelJson.Default.OrderDocument);

    [Fact]
    public void What_is_written_is_taken_as_it_stands()
    {
        var taken = Take(Json);

        Assert.Equal((Order.Id, Order.Version), (taken!.Id, taken.Version));
        Assert.Equal(Json, Encoding.UTF8.GetString(taken.Utf8.Span));
        Assert.Equivalent(Order, taken.Document);
    }

    [Fact]
    public void What_is_null_may_be_left_out() =>
        Assert.NotNull(Take(Write(Order with { Paid = null, Shipment = null, Note = null })));

    [Property]
    public bool What_is_taken_reads_and_writes_the_same(string name, int quantity, long amount, DateTimeOffset at)
    {
        var order = Order with
        {
            Customer = Order.Customer with { Name = name ?? "" },
            Lines = [Order.Lines[0] with { Quantity = quantity }],
            Total = new(amount, "EUR"),
            PlacedAt = at,
        };
        var json = Write(order);
        return Take(json) is not { } taken || Write(taken.Document) == json;
    }

    [Theory]
    [InlineData("\"note\":", "\"added\":1,\"note\":")] // a member of a later version
    [InlineData("\"note\":\"Ring twice\"", "\"note\":null")]
    [InlineData("\"number\":", "\"Number\":")]
    [InlineData("\"version\":7", "\"version\":7,\"version\":7")]
    [InlineData("\"version\":7", "\"version\":\"7\"")]
    [InlineData("\"version\":7", "\"version\":7.0")]
    [InlineData("\"version\":7,\"status\":\"placed\"", "\"status\":\"placed\",\"version\":7")]
    [InlineData("\"version\":7,", "")]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":null")]
    [InlineData("\"version\":7", "\"version\":\n7")] // would end the line of a bulk
    [InlineData("Ring twice", "\\ud800")]
    [InlineData("\"lines\":[", "\"lines\":[null,")]
    [InlineData("+00:00", "")]
    [InlineData("+00:00", "Z")]
    [InlineData("\"timeline\":[", "\"timeline\":{")]
    public void What_would_be_written_otherwise_is_not_taken(string part, string by)
    {
        Assert.Contains(part, Json, StringComparison.Ordinal);
        Assert.Null(Take(Json.Replace(part, by, StringComparison.Ordinal)));
    }

    [Fact]
    public void An_id_in_capitals_is_not_taken() => Assert.Null(Take(
        Json.Replace($"{Order.Customer.Id}", $"{Order.Customer.Id}".ToUpperInvariant(), StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void What_is_no_document_is_not_taken(string json) => Assert.Null(Take(json));

    [Fact]
    public void A_part_of_a_document_and_more_than_one_are_not_taken()
    {
        Assert.Null(Take(Json[..^1]));
        Assert.Null(Take(Json + "}"));
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_not_taken()
    {
        var bytes = Encoding.UTF8.GetBytes(Json);
        bytes[bytes.AsSpan().IndexOf("Ring"u8)] = 0xC3;

        Assert.Null(DocumentJson.TryTake(bytes));
    }

    [Theory]
    [InlineData("Zoe\u0308", true)]
    [InlineData("Nguye\u0302\u0303n", true)]
    [InlineData("\u1DC4", true)]
    [InlineData("Zoë Müller, Đức Nguyễn, Ελένη, 田中", false)]
    public void Combining_marks_are_seen_in_JSON(string text, bool has)
    {
        Assert.Equal(has, CombiningMarks.MayBeIn(Encoding.UTF8.GetBytes(text)));
        var escaped = string.Concat(text.Select(c => char.IsAscii(c) ? $"{c}" : $"\\u{(int)c:x4}"));
        if (has)
            Assert.True(CombiningMarks.MayBeIn(Encoding.UTF8.GetBytes($"\"{escaped}\"")));
    }

    [Theory]
    [InlineData("Zoe\u0308")]
    [InlineData("Zoë")]
    public void A_bulk_is_the_same_from_JSON_and_from_the_document(string name)
    {
        var order = Order with { Customer = Order.Customer with { Name = name } };

        Assert.Equal(Body(order), Body(Take(Write(order))!));
    }

    private static DocumentJson? Take(string json) => DocumentJson.TryTake(Encoding.UTF8.GetBytes(json));

    private static string Write(OrderDocument order) =>
        JsonSerializer.Serialize(order, ReadModelJson.Default.OrderDocument);

    /// <summary>As what it says, whichever way characters are escaped.</summary>
    private static string[] Body(IProjectedOrder order)
    {
        using var body = BulkBody.Split([order], [0], VersionGuard.IfNewer, new(1, 1_000_000)).Single();
        return [.. Encoding.UTF8.GetString(body.Bytes.Span).TrimEnd().Split('\n')
            .Select(line => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(line)))];
    }
}
