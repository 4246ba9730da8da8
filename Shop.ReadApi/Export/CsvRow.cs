using System.Globalization;
using System.Text;
using Shop.Contracts;

namespace Shop.ReadApi.Export;

/// <summary>An order as a line of CSV. Amounts are in minor units, times in UTC.</summary>
internal static class CsvRow
{
    /// <summary>
    /// A spreadsheet takes a text that begins with one of these for a formula
    /// (https://owasp.org/www-community/attacks/CSV_Injection). The apostrophe in front of it makes it a text.
    /// </summary>
    private const string FormulaStarts = "=+-@\t\r\n|%＝＋－＠";

    private static readonly string[] Columns =
    [
        "number", "id", "version", "status", "placedAt", "updatedAt", "total", "currency", "paid", "refunded",
        "customerId", "customerName", "customerEmail", "customerCountry", "recipient", "street", "postalCode", "city",
        "country", "carrier", "trackingNumber", "skus", "items", "note",
    ];

    public static string Header { get; } = string.Join(',', Columns) + "\r\n";

    public static string Of(OrderDocument order)
    {
        var (customer, address) = (order.Customer, order.ShippingAddress);
        string?[] cells =
        [
            order.Number, $"{order.Id:D}", Number(order.Version), order.Status, Time(order.PlacedAt), Time(order.UpdatedAt),
            Number(order.Total.Amount), order.Total.Currency, Number(order.Paid?.Amount), Number(order.Refunded?.Amount),
            $"{customer.Id:D}", customer.Name, customer.Email, customer.Country, address.Recipient, address.Street,
            address.PostalCode, address.City, address.Country, order.Shipment?.Carrier, order.Shipment?.TrackingNumber,
            string.Join("; ", order.Lines.Select(line => line.Sku)),
            string.Join("; ", order.Lines.Select(line => $"{Number(line.Quantity)} x {line.Name}")), order.Note,
        ];
        return string.Join(',', cells.Select(Cell)) + "\r\n";
    }

    internal static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return "";

        var safe = new StringBuilder(text.Length + 3).Append('"');
        // Some programs ignore blanks in front of a formula.
        if (text.TrimStart(' ', '"', '\'') is [var first, ..] && FormulaStarts.Contains(first, StringComparison.Ordinal))
            safe.Append('\'');
        return safe.Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"').ToString();
    }

    private static string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
