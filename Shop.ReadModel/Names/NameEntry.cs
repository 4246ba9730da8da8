using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

public enum NameKind
{
    Customer,
    Product,
}

/// <param name="Id">The customer's id, or the product's SKU.</param>
public readonly record struct NameKey(NameKind Kind, string Id)
{
    private const char Separator = ':';

    /// <summary>Identifies the name in a store that has one text as the key.</summary>
    public override string ToString() => $"{Kind.ToString().ToLowerInvariant()}{Separator}{Id}";

    internal static NameKey Parse(string text)
    {
        var separator = text.IndexOf(Separator, StringComparison.Ordinal);
        return new(Enum.Parse<NameKind>(text[..separator], ignoreCase: true), text[(separator + 1)..]);
    }
}

/// <summary>
/// What orders say of a customer or a product. The newest version of an order decides about the text, so that the same
/// events give the same name in any order and however often they are applied.
/// </summary>
/// <param name="Email">Only of a customer, like <paramref name="Country"/>.</param>
/// <param name="ChangedAt">When the version happened that the text comes from.</param>
/// <param name="Version">Its number in the order <paramref name="OrderId"/>.</param>
public sealed record NameEntry(
    NameKey Key, string Text, string? Email, string? Country, DateTimeOffset ChangedAt, long Version, Guid OrderId,
    DateTimeOffset LatestOrderAt)
{
    /// <summary>A longer text is cut, and a longer id is not suggested: only a damaged event has one.</summary>
    private const int MaxText = 300;
    private const int MaxId = 100;

    /// <summary>The words by which the name is found; those of an e-mail address are marked.</summary>
    internal IEnumerable<string> Terms => TermsOf(Text, Email);

    /// <summary>The names in some orders, each once.</summary>
    public static IReadOnlyList<NameEntry> Of(IEnumerable<OrderDocument> orders) =>
    [
        .. orders.SelectMany(Of).GroupBy(name => name.Key)
            .Select(same => same.Aggregate((first, second) => first.Merge(second))),
    ];

    /// <summary>Merges what two versions of orders say of the same name.</summary>
    public NameEntry Merge(NameEntry other)
    {
        var newest = other.IsNewerThan(this) ? other : this;
        return newest with
        {
            LatestOrderAt = LatestOrderAt > other.LatestOrderAt ? LatestOrderAt : other.LatestOrderAt,
        };
    }

    private bool IsNewerThan(NameEntry other) =>
        (ChangedAt, Version, OrderId).CompareTo((other.ChangedAt, other.Version, other.OrderId)) > 0;

    private static IEnumerable<NameEntry> Of(OrderDocument order)
    {
        var customer = order.Customer;
        yield return Entry(new(NameKind.Customer, $"{customer.Id:D}"), customer.Name) with
        {
            Email = Clean(customer.Email),
            Country = Clean(customer.Country),
        };
        // Of several lines with one product, the first.
        foreach (var line in order.Lines.DistinctBy(line => line.Sku))
        {
            if (line.Sku.Length <= MaxId && Clean(line.Sku) == line.Sku)
                yield return Entry(new(NameKind.Product, line.Sku), line.Name);
        }

        NameEntry Entry(NameKey key, string text) => new(
            key, Clean(text), null, null, Microseconds(order.UpdatedAt), order.Version, order.Id,
            Microseconds(order.PlacedAt));
    }

    /// <summary>Removes what a store does not accept.</summary>
    private static string Clean(string text) => TextFolding.WellFormed(text.Length > MaxText ? text[..MaxText] : text)
        .Replace("\0", "", StringComparison.Ordinal);

    internal static IEnumerable<string> TermsOf(string text, string? email) =>
        Words(text).Concat(Words(email ?? "").Select(NameWord.OfEmail)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Words(string text) =>
        TextAnalyzer.Analyze(text).SelectMany(token => token.Spellings);

    private static DateTimeOffset Microseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
