using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>The searchable fields of a document, by the names used in highlights.</summary>
public static class SearchFields
{
    public const string Number = "number";
    public const string Sku = "lines.sku";
    public const string Email = "customer.email";

    /// <summary>Fields that match as a whole only, ignoring case.</summary>
    public static IEnumerable<SearchField> Exact(OrderDocument document)
    {
        yield return new(Number, document.Number, SearchWeight.Key);
        yield return new(Email, document.Customer.Email, SearchWeight.Key);
        foreach (var line in document.Lines)
            yield return new(Sku, line.Sku, SearchWeight.Key);
    }

    /// <summary>Fields that match by word.</summary>
    public static IEnumerable<SearchField> Texts(OrderDocument document)
    {
        yield return new("customer.name", document.Customer.Name, SearchWeight.Name);
        foreach (var line in document.Lines)
        {
            yield return new("lines.name", line.Name, SearchWeight.Name);
            yield return new("lines.category", line.Category, SearchWeight.Detail);
        }

        var address = document.ShippingAddress;
        yield return new("shippingAddress.recipient", address.Recipient, SearchWeight.Name, HasNumbers: true);
        yield return new("shippingAddress.street", address.Street, SearchWeight.Detail, HasNumbers: true);
        yield return new("shippingAddress.postalCode", address.PostalCode, SearchWeight.Detail);
        yield return new("shippingAddress.city", address.City, SearchWeight.Detail, HasNumbers: true);
        if (document.Note is { } note)
            yield return new("note", note, SearchWeight.Note, HasNumbers: true);
    }
}

/// <param name="HasNumbers">Whether phone numbers in it are found in any spelling.</param>
public readonly record struct SearchField(string Name, string Text, SearchWeight Weight, bool HasNumbers = false);

/// <summary>The relevance of a match in a field, most relevant first.</summary>
public enum SearchWeight
{
    Key,
    Name,
    Detail,
    Note,
}
