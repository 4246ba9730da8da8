using System.Globalization;
using System.Text;
using Shop.Contracts;

namespace Shop.Testing.Orders;

/// <summary>The words of an order by field, compared by code of its own, so that no part of the product judges itself.</summary>
public sealed class JudgedOrder(OrderDocument order)
{
    private static readonly string[] Fields =
        ["product", "category", "sku", "customer", "email", "recipient", "street", "city", "note", "number"];

    private readonly Dictionary<string, string[]> _values =
        Fields.ToDictionary(field => field, field => Values(order, field).Select(Normal).ToArray());

    public Guid Id => order.Id;

    public DateTimeOffset PlacedAt => order.PlacedAt;

    /// <param name="words">As <see cref="Normal"/> returns them, without the last space for the beginning of a word.</param>
    public bool Has(string field, string words) => field == "any"
        ? _values.Values.Any(values => Contain(values, words))
        : Contain(_values[field], words);

    public static string[] Values(OrderDocument order, string field) => field switch
    {
        "product" => [.. order.Lines.Select(line => line.Name)],
        "category" => [.. order.Lines.Select(line => line.Category)],
        "sku" => [.. order.Lines.Select(line => line.Sku)],
        "customer" => [order.Customer.Name],
        "email" => [order.Customer.Email],
        "recipient" => [order.ShippingAddress.Recipient],
        "street" => [order.ShippingAddress.Street],
        "city" => [order.ShippingAddress.City],
        "note" => [order.Note ?? ""],
        "number" => [order.Number],
        _ => throw new ArgumentException($"Unknown field '{field}' in judged-searches.tsv."),
    };

    /// <summary>Words without case, accents and signs, each between two spaces.</summary>
    public static string Normal(string text)
    {
        var plain = text.ToLowerInvariant().Replace("ß", "ss", StringComparison.Ordinal)
            .Replace('ł', 'l').Replace('đ', 'd').Replace('ς', 'σ');
        var normal = new StringBuilder(" ");
        foreach (var c in plain.Normalize(NormalizationForm.FormD))
        {
            if (char.IsLetterOrDigit(c))
                normal.Append(c);
            else if (char.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark && normal[^1] != ' ')
                normal.Append(' ');
        }

        return normal[^1] == ' ' ? normal.ToString() : normal.Append(' ').ToString();
    }

    private static bool Contain(string[] values, string words) =>
        Array.Exists(values, value => value.Contains(words, StringComparison.Ordinal));
}
