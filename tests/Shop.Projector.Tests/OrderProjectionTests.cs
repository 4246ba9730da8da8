using System.Text;
using System.Text.Json;
using Shop.Contracts;
using Shop.Projector.Projecting;
using Shop.ReadModel;

namespace Shop.Projector.Tests;

public sealed class OrderProjectionTests
{
    private const string Type = "shop.order.delivered.v1";

    private static readonly OrderState State = SampleOrder.State(Guid.CreateVersion7(), version: 2);

    private static readonly string Event = Encoding.UTF8.GetString(SampleOrder.Event(State).Value);

    [Fact]
    public void A_state_that_is_a_document_already_is_taken_as_it_stands()
    {
        var order = Assert.IsType<DocumentJson>(Project(Event));
        Assert.Equivalent(OrderProjection.Project(State), order.Document);
    }

    /// <summary>A state that gets a member which documents do not have is read and written anew, at more cost.</summary>
    [Fact]
    public void Every_member_of_a_state_is_one_of_a_document() => Assert.Equal(
        ContractsJson.Default.OrderState.Properties.Select(member => member.Name),
        ReadModelJson.Default.OrderDocument.Properties.Select(member => member.Name));

    [Theory]
    [InlineData("\"number\":", "\"added\":{\"later\":[1]},\"number\":")]
    [InlineData("\"currency\":", "\"added\":1,\"currency\":")]
    [InlineData("\"order\":", "\"added\":1,\"order\":")]
    [InlineData("\"version\":2", "\"version\":\"2\"")]
    [InlineData("\"status\":", "\"Status\":")]
    [InlineData("\"note\":", "\"note\":null,\"note\":")]
    [InlineData("{", " {\n")]
    [InlineData("+00:00", "Z")]
    public void What_stands_otherwise_comes_to_the_same_document(string part, string by)
    {
        var order = Project(Event.Replace(part, by, StringComparison.Ordinal));

        Assert.Equal(Write(OrderProjection.Project(State)), Write(order.Document));
        if (order is DocumentJson json)
            Assert.Equal(Write(order.Document), Encoding.UTF8.GetString(json.Utf8.Span));
    }

    [Theory]
    [InlineData("EUR\"", "EUR")]
    [InlineData("\"currency\":\"EUR\"", "\"currency\":null")]
    [InlineData("\"version\":2,", "")]
    [InlineData("\"version\":2", "\"version\":2.5")]
    [InlineData("Hauptstra", "\\ud800")]
    [InlineData("2026-03-04", "2026-13-04")]
    public void What_no_order_can_have_is_unreadable(string part, string by)
    {
        Assert.Contains(part, Event, StringComparison.Ordinal);
        Assert.Throws<UnreadableEventException>(
            () => Project(Event.Replace(part, by, StringComparison.Ordinal)));
    }

    private static IProjectedOrder Project(string value) => OrderProjection.Project(Type, Encoding.UTF8.GetBytes(value));

    private static string Write(OrderDocument document) =>
        JsonSerializer.Serialize(document, ReadModelJson.Default.OrderDocument);
}
