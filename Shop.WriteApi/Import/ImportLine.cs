using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders;

namespace Shop.WriteApi.Import;

/// <summary>One order of an import: all of it, so that neither customer nor product must be there.</summary>
internal sealed record ImportLine
{
    /// <summary>Names the order in the system that it comes from; one key is one order, for ever.</summary>
    [Required, Text(Limits.ImportKey)]
    public string? Key { get; init; }

    [Required]
    public CustomerRequest? Customer { get; init; }

    [Required, Length(1, Limits.Lines)]
    public IReadOnlyList<ImportOrderLine>? Lines { get; init; }

    [Required]
    public AddressRequest? ShippingAddress { get; init; }

    [OptionalText(Limits.Note)]
    public string? Note { get; init; }

    [Required]
    public DateTimeOffset? PlacedAt { get; init; }

    [Required]
    [AllowedValues(
        OrderStatuses.Placed, OrderStatuses.Paid, OrderStatuses.Shipped, OrderStatuses.Delivered,
        OrderStatuses.Cancelled, OrderStatuses.Refunded)]
    public string? Status { get; init; }

    public OrderDetails ToDetails() =>
        new([.. Lines!.Select(line => line.ToState())], ShippingAddress!.ToState(), Note.NullIfBlank());
}

internal sealed record ImportOrderLine
{
    [Required, Sku]
    public string? Sku { get; init; }

    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Text(Limits.Category)]
    public string? Category { get; init; }

    [Required, Range(1, Limits.Quantity)]
    public int? Quantity { get; init; }

    [Required]
    public PriceRequest? UnitPrice { get; init; }

    public OrderLine ToState() => new(Sku!, Name!, Category!, Quantity!.Value, UnitPrice!.ToMoney());
}

/// <summary>What became of a line.</summary>
/// <param name="Key">Null where the line could not be read.</param>
/// <param name="Outcome">created, exists or rejected.</param>
internal sealed record ImportOutcome(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Key,
    Guid? Id,
    long? Version,
    string Outcome,
    string? Error)
{
    public static ImportOutcome Created(string key, Guid id, long version) => new(key, id, version, "created", null);

    public static ImportOutcome Exists(string key, Guid id, long version) => new(key, id, version, "exists", null);

    public static ImportOutcome Rejected(string? key, string error) => new(key, null, null, "rejected", error);
}
