using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Documents to write: plain ones that differ in what a test is about.</summary>
internal static class Orders
{
    private static readonly DateTimeOffset Start = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static int _count;

    /// <summary>A search for all orders by somebody who may see them.</summary>
    public static OrderQuery All { get; } = new() { Scope = CallerScope.Everything };

    public static OrderDocument New(Func<OrderDocument, OrderDocument>? change = null)
    {
        var count = Interlocked.Increment(ref _count);
        var placedAt = Start.AddMinutes(count);
        var document = new OrderDocument
        {
            Id = Guid.CreateVersion7(),
            Number = $"SO-2025-{count:000000}",
            Version = 1,
            Status = OrderStatuses.Placed,
            Customer = new(Guid.CreateVersion7(), "Sam Sample", $"sam{count}@example.com", "DE"),
            Lines = [Line("Plain thing")],
            Total = new(1_000, "EUR"),
            ShippingAddress = new("Sam Sample", "Long Road 1", "10115", "Berlin", "DE"),
            PlacedAt = placedAt,
            UpdatedAt = placedAt,
            Timeline = [new("placed", placedAt, 1)],
        };
        return change is null ? document : change(document);
    }

    public static OrderLine Line(string name, string? sku = null, string category = "Things") =>
        new(sku ?? $"SKU-{Guid.CreateVersion7():N}", name, category, 1, new(1_000, "EUR"));

    public static OrderDocument WithNote(string note) => New(order => order with { Note = note });

    public static OrderDocument WithProducts(params string[] names) =>
        New(order => order with { Lines = [.. names.Select(name => Line(name))] });

    public static OrderDocument WithCustomer(string name) =>
        New(order => order with { Customer = order.Customer with { Name = name } });

    public static OrderDocument At(this OrderDocument order, long version, string? note = null) =>
        order with { Version = version, Note = note ?? $"as of {version}" };
}
