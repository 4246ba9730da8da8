using Shop.Contracts;

namespace Shop.Bench.Ranking;

/// <summary>An order's texts as a developer puts them in a full-text index without further thought.</summary>
internal sealed record PlainText(string Keys, string Names, string Details, string Notes)
{
    public string All => $"{Keys} {Names} {Details} {Notes}";

    public static PlainText Of(OrderDocument order) => new(
        $"{order.Number} {order.Customer.Email} {string.Join(' ', order.Lines.Select(line => line.Sku))}",
        $"{order.Customer.Name} {order.ShippingAddress.Recipient} {string.Join(' ', order.Lines.Select(line => line.Name))}",
        $"{order.ShippingAddress.Street} {order.ShippingAddress.PostalCode} {order.ShippingAddress.City} {string.Join(' ', order.Lines.Select(line => line.Category))}",
        order.Note ?? "");
}
