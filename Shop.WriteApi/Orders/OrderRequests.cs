using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal sealed record OrderLineRequest
{
    public const string Example = """[{ "sku": "KM-1007", "quantity": 1 }, { "sku": "LI-1007", "quantity": 2 }]""";

    [Required, Sku]
    public string? Sku { get; init; }

    [Required, Range(1, Limits.Quantity)]
    public int? Quantity { get; init; }
}

internal sealed record AddressRequest : IPostalAddress
{
    public const string Example = """
        {
          "recipient": "Ada Lovelace", "street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London",
          "country": "GB"
        }
        """;

    [Required, Text(Limits.Name)]
    public string? Recipient { get; init; }

    [Required, Text(Limits.Street)]
    public string? Street { get; init; }

    /// <summary>Optional in countries that do without: it is then stored as an empty text.</summary>
    [PostalCode]
    public string? PostalCode { get; init; }

    [Required, Text(Limits.City)]
    public string? City { get; init; }

    [Required, CountryCode]
    public string? Country { get; init; }

    public Address ToAddress() => new(Recipient!, Street!, PostalCode ?? "", City!, Country!);
}

internal sealed record ReasonRequest : IOptionalBody
{
    public const string Example = """{ "reason": "Ordered twice." }""";

    [OptionalText(Limits.Reason)]
    public string? Reason { get; init; }
}

/// <summary>The response to every command on an order. Id and version are what a reader can wait for.</summary>
internal sealed record OrderReceipt(Guid Id, string Number, string Status, long Version, Money Total)
{
    public static JsonResponse Created(Order order) =>
        Of(order, StatusCodes.Status201Created, $"/orders/{order.Document.Id}");

    public static JsonResponse Ok(Order order) => Of(order, StatusCodes.Status200OK, location: null);

    private static JsonResponse Of(Order order, int status, string? location)
    {
        var document = order.Document;
        var receipt = new OrderReceipt(
            document.Id, document.Number, document.Status, document.Version, document.Total);
        return JsonResponse.Of(status, receipt, OrdersJson.Wire.OrderReceipt, document.Version, location);
    }
}

internal static class OrderCodes
{
    public const string NotFound = "order.not-found";

    public static RefusedException IsNotFound(Guid id) =>
        RefusedException.NotFound(NotFound, $"There is no order {id}.");
}

[JsonSerializable(typeof(PlaceOrderRequest))]
[JsonSerializable(typeof(List<OrderLineRequest>))]
[JsonSerializable(typeof(AddressRequest))]
[JsonSerializable(typeof(PayOrderRequest))]
[JsonSerializable(typeof(ShipOrderRequest))]
[JsonSerializable(typeof(RefundOrderRequest))]
[JsonSerializable(typeof(ReasonRequest))]
[JsonSerializable(typeof(OrderReceipt))]
[JsonSerializable(typeof(OrderDocument))]
internal sealed partial class OrdersJson : JsonSerializerContext
{
    public static OrdersJson Wire { get; } = new(HttpJson.CreateOptions());
}
