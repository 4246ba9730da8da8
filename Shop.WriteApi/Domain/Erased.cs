using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>
/// What replaces personal data. Amounts, products, times and countries stay, which accounts need; the customer's id
/// stays, so that the orders remain one customer's.
/// </summary>
internal static class Erased
{
    public const string Text = "Erased";

    /// <summary>Nobody can have an address in this domain (https://www.rfc-editor.org/rfc/rfc2606#section-2).</summary>
    private const string Domain = "erased.invalid";

    public static OrderCustomer Customer(Guid id, string country) => new(id, Text, $"{id:N}@{Domain}", country);

    public static Address Address(string country) => new(Text, Text, PostalCode: "", Text, country);

    public static bool Is(OrderCustomer customer) => customer == Customer(customer.Id, customer.Country);
}
