using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>What of a document a search looks at, under the names that highlights carry.</summary>
public static class SearchFields
{
    public const string Number = "number";
    public const string Sku = "lines.sku";
    public const string Email = "customer.email";

    /// <summary>Values that match as a whole only, whatever their case.</summary>
    public static IEnumerable<SearchField> Wholes(OrderDocument document)
    {
        yield return new(Number, document.Number, SearchWeight.Key);
        yield return new(Email, document.Customer.Email, SearchWeight.Key);
        foreach (var line in document.Lines)
            yield return new(Sku, line.Sku, SearchWeight.Key);
    }

    /// <summary>Texts that match by their words.</summary>
    public static IEnumerable<SearchField> Texts(OrderDocument document)
    {
        yield return new("customer.name", document.Customer.Name, SearchWeight.Name);
        foreach (var line in document.Lines)
        {
            yield return new("lines.name", line.Name, SearchWeight.Name);
            yield return new("lines.category", line.Category, SearchWeight.Detail);
        }

        var address = document.ShippingAddress;
        yield return new("shippingAddress.recipient", address.Recipient, SearchWeight.Name);
        yield return new("shippingAddress.street", address.Street, SearchWeight.Detail);
        yield return new("shippingAddress.postalCode", address.PostalCode, SearchWeight.Detail);
        yield return new("shippingAddress.city", address.City, SearchWeight.Detail);
        if (document.Note is { } note)
            yield return new("note", note, SearchWeight.Note);
    }
}

public readonly record struct SearchField(string Name, string Text, SearchWeight Weight);

/// <summary>How much a match says about what was meant, the most first.</summary>
public enum SearchWeight
{
    Key,
    Name,
    Detail,
    Note,
}
