using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.Contracts.Tests;

public sealed class OrderEventReaderTests
{
    private static readonly string Placed =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "placed.json"));

    [Fact]
    public void Unknown_members_are_ignored()
    {
        var value = Placed.Replace("\"order\":", "\"added\": {\"later\": [1]}, \"order\":", StringComparison.Ordinal);

        Assert.Equal(3, Read("shop.order.placed.v1", value).Version);
    }

    [Fact]
    public void A_new_event_of_this_version_is_read_by_its_state() =>
        Assert.Equal(3, Read("shop.order.gift-wrapped.v1", Placed).Version);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shop.order.placed.v2")]
    [InlineData("shop.invoice.sent.v1")]
    public void A_type_of_another_version_is_refused(string? type) =>
        Assert.Throws<UnreadableEventException>(() => Read(type, Placed));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"order\": null}")]
    [InlineData("{\"order\": {\"id\": \"0198f0a0-0000-7000-8000-00000000000a\"}}")]
    [InlineData("{\"order\": {")]
    public void A_value_without_a_whole_state_is_refused(string value) =>
        Assert.Throws<UnreadableEventException>(() => Read("shop.order.placed.v1", value));

    [Fact]
    public void A_null_where_the_contract_has_none_is_refused() =>
        Assert.Throws<UnreadableEventException>(() =>
            Read("shop.order.placed.v1", Placed.Replace("\"Keyboard\"", "null", StringComparison.Ordinal)));

    [Fact]
    public void The_bytes_of_the_order_are_passed_on_as_they_are()
    {
        var order = Compact(JsonNode.Parse(Placed)!["order"]!.ToJsonString()).Replace(
            "{\"id\"", "{\"added\":[1],\"id\"", StringComparison.Ordinal);

        var read = OrderEventReader.Read(
            "shop.order.placed.v1", Encoding.UTF8.GetBytes($"{{\"data\":{{}},\"order\":{order}}}"));

        Assert.Equal(order, Encoding.UTF8.GetString(read.Json.Span));
    }

    [Fact]
    public void The_bytes_of_an_indented_order_become_one_line()
    {
        var read = OrderEventReader.Read("shop.order.placed.v1", Encoding.UTF8.GetBytes(Placed));

        Assert.DoesNotContain("\n", Encoding.UTF8.GetString(read.Json.Span), StringComparison.Ordinal);
        Assert.Equal(3, SerializedOrder.Parse(read.Json).Version);
    }

    private static string Compact(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json));

    private static SerializedOrder Read(string? type, string value) =>
        OrderEventReader.Read(type, Encoding.UTF8.GetBytes(value));
}
