using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders;

namespace Shop.WriteApi.Import;

/// <summary>One imported order. It is complete: neither the customer nor the products have to exist.</summary>
internal sealed record ImportLine
{
    private const int MaxKey = 200;

    /// <summary>The order's key in the system that it comes from. A key is imported once.</summary>
    [Required, Identifier(MaxKey)]
    public string? Key { get; init; }

    [Required]
    public CustomerRequest? Customer { get; init; }

    [Required, Length(1, Limits.Lines)]
    public IReadOnlyList<ImportOrderLine>? Lines { get; init; }

    [Required]
    public AddressRequest? ShippingAddress { get; init; }

    [OptionalText(Limits.Note)]
    public string? Note { get; init; }

    [Required, PlacedAt, JsonConverter(typeof(Rfc3339Converter))]
    public DateTimeOffset? PlacedAt { get; init; }

    [Required]
    [AllowedValues(
        OrderStatuses.Placed, OrderStatuses.Paid, OrderStatuses.Shipped, OrderStatuses.Delivered,
        OrderStatuses.Cancelled, OrderStatuses.Refunded,
        ErrorMessage = "Must be placed, paid, shipped, delivered, cancelled or refunded.")]
    public string? Status { get; init; }

    /// <summary>The customer as written. Another order of the same e-mail address may have another name.</summary>
    public OrderCustomer ToCustomer() =>
        new(ImportIds.OfCustomer(Customer!.Email!), Customer.Name!, Customer.Email!, Customer.Country!);

    public OrderDetails ToDetails() =>
        new([.. Lines!.Select(line => line.ToOrderLine())], ShippingAddress!.ToAddress(), Note.NullIfBlank());
}

internal sealed record ImportOrderLine
{
    [Required, Sku]
    public string? Sku { get; init; }

    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Identifier(Limits.Category)]
    public string? Category { get; init; }

    [Required, Range(1, Limits.Quantity)]
    public int? Quantity { get; init; }

    [Required]
    public ImportPrice? UnitPrice { get; init; }

    public OrderLine ToOrderLine() => new(Sku!, Name!, Category!, Quantity!.Value, UnitPrice!.ToMoney());
}

/// <summary>A price at its time, which may be in a currency that was withdrawn since.</summary>
internal sealed record ImportPrice
{
    [Required, Range(0, Limits.Amount)]
    public long? Amount { get; init; }

    [Required, CurrencyCode(AllowWithdrawn = true)]
    public string? Currency { get; init; }

    public Money ToMoney() => new(Amount!.Value, Currency!);
}

/// <summary>The result for one line.</summary>
internal sealed record ImportOutcome
{
    /// <summary>Null if the line could not be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Key { get; init; }

    /// <summary>The order's id. Absent, like the version, if the line was rejected.</summary>
    public Guid? Id { get; init; }

    public long? Version { get; init; }

    /// <summary>
    /// <c>created</c>, <c>exists</c> or <c>rejected</c>. <c>failed</c> is no line's outcome: it says why the import
    /// ends before its last line, and nothing follows it.
    /// </summary>
    public required string Outcome { get; init; }

    /// <summary>Why there is no order.</summary>
    public string? Error { get; init; }

    public static ImportOutcome Created(string key, Guid id, long version) =>
        new() { Key = key, Id = id, Version = version, Outcome = "created" };

    public static ImportOutcome Exists(string key, Guid id, long version) =>
        new() { Key = key, Id = id, Version = version, Outcome = "exists" };

    public static ImportOutcome Rejected(string? key, string error) =>
        new() { Key = key, Outcome = "rejected", Error = error };

    public static ImportOutcome Failed(string error) => new() { Key = null, Outcome = "failed", Error = error };
}

[JsonSerializable(typeof(ImportLine))]
[JsonSerializable(typeof(ImportOutcome))]
internal sealed partial class ImportJson : JsonSerializerContext
{
    public static ImportJson Wire { get; } = new(HttpJson.CreateOptions());
}
