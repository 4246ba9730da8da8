using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Shop.Contracts.Tests;

/// <summary>The wire format, pinned: a change that breaks readers breaks a file here first.</summary>
public sealed class GoldenFileTests
{
    private static readonly DateTimeOffset PlacedAt = new(2026, 3, 1, 9, 30, 15, 250, TimeSpan.Zero);

    public static TheoryData<string> Names => [.. Events.Keys];

    private static Dictionary<string, Func<string>> Events => new()
    {
        [OrderPlaced.Name] = () => Write(
            new OrderPlaced(Customer.Id, Lines, Total, Address, "Ring twice"), State(OrderStatuses.Placed),
            ContractsJson.Default.OrderEventValueOrderPlaced),
        [OrderPaid.Name] = () => Write(
            new OrderPaid(Total, "card", "ch_77"), State(OrderStatuses.Paid) with { Paid = Total },
            ContractsJson.Default.OrderEventValueOrderPaid),
        [OrderShipped.Name] = () => Write(
            new OrderShipped("DHL", "JD014600003"),
            State(OrderStatuses.Shipped, by: new("sam", "support")) with { Shipment = new Shipment("DHL", "JD014600003") },
            ContractsJson.Default.OrderEventValueOrderShipped),
        [OrderDelivered.Name] = () => Write(
            new OrderDelivered(), State(OrderStatuses.Delivered), ContractsJson.Default.OrderEventValueOrderDelivered),
        [OrderCancelled.Name] = () => Write(
            new OrderCancelled("Ordered twice"), State(OrderStatuses.Cancelled),
            ContractsJson.Default.OrderEventValueOrderCancelled),
        [OrderRefunded.Name] = () => Write(
            new OrderRefunded(new Money(500, "EUR"), "Scratched"),
            State(OrderStatuses.Refunded) with { Paid = Total, Refunded = new Money(500, "EUR") },
            ContractsJson.Default.OrderEventValueOrderRefunded),
        [OrderLinesChanged.Name] = () => Write(
            new OrderLinesChanged(Lines, Total), State(OrderStatuses.Placed),
            ContractsJson.Default.OrderEventValueOrderLinesChanged),
        [OrderShippingAddressChanged.Name] = () => Write(
            new OrderShippingAddressChanged(Address), State(OrderStatuses.Placed),
            ContractsJson.Default.OrderEventValueOrderShippingAddressChanged),
        [OrderCustomerChanged.Name] = () => Write(
            new OrderCustomerChanged(Customer), State(OrderStatuses.Placed),
            ContractsJson.Default.OrderEventValueOrderCustomerChanged),
        [OrderCustomerErased.Name] = () => Write(
            new OrderCustomerErased(), State(OrderStatuses.Delivered),
            ContractsJson.Default.OrderEventValueOrderCustomerErased),
    };

    private static OrderCustomer Customer { get; } =
        new(Guid.Parse("0198f0a0-0000-7000-8000-000000000001"), "Đức Nguyễn", "duc@example.org", "DE");

    private static IReadOnlyList<OrderLine> Lines { get; } =
        [new("KB-100", "Keyboard", "Computers", 2, new Money(4999, "EUR"))];

    private static Money Total { get; } = new(9998, "EUR");

    private static Address Address { get; } = new("Đức Nguyễn", "Lange Straße 7", "10115", "Berlin", "DE");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_wire_format_is_the_golden_file(string name)
    {
        var golden = JsonNode.Parse(File.ReadAllText(PathOf(name)))!;
        var written = JsonNode.Parse(Events[name]())!;

        Assert.True(JsonNode.DeepEquals(golden, written), $"{name}: written {written}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_golden_file_is_read_back_whole(string name)
    {
        var golden = File.ReadAllBytes(PathOf(name));

        var state = OrderEventReader.Read($"shop.order.{name}.v1", golden);

        var order = JsonNode.Parse(golden)!["order"];
        Assert.True(JsonNode.DeepEquals(order, JsonSerializer.SerializeToNode(state.Document, ContractsJson.Default.OrderDocument)));
    }

    [Fact]
    public void Every_event_of_the_contract_has_a_golden_file()
    {
        var events = typeof(IOrderEvent).Assembly.GetTypes().Where(type =>
            type.IsClass && type.IsAssignableTo(typeof(IOrderEvent)));

        Assert.Equal(events.Count(), Events.Count);
    }

    // Events from before there were actors, and orders that they began, have none.
    private static OrderDocument State(string status, Actor? by = null) => new()
    {
        Id = Guid.Parse("0198f0a0-0000-7000-8000-00000000000a"),
        Number = "7K3M-9QF2-M1X8",
        Version = 3,
        Status = status,
        Customer = Customer,
        Lines = Lines,
        Total = Total,
        ShippingAddress = Address,
        Note = "Ring twice",
        PlacedAt = PlacedAt,
        UpdatedAt = PlacedAt.AddHours(2),
        Timeline = [new("placed", PlacedAt, 1), new(status, PlacedAt.AddHours(2), 3, by)],
    };

    private static string Write<T>(T data, OrderDocument state, JsonTypeInfo<OrderEventValue<T>> type)
        where T : IOrderEvent => JsonSerializer.Serialize(new OrderEventValue<T>(data, state), type);

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", $"{name}.json");
}
