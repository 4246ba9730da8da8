using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>The fields of the mapping that queries use.</summary>
internal static class StoredFields
{
    public const string Id = "id";
    public const string Version = "version";
    public const string Status = "status";
    public const string CustomerId = "customer.id";
    public const string Sku = "lines.sku";
    public const string Category = "lines.category";
    public const string Country = "shippingAddress.country";
    public const string Currency = "total.currency";
    public const string Total = "total.amount";

    /// <summary>In milliseconds.</summary>
    public const string PlacedAt = "placedAt";

    /// <summary>In nanoseconds. Times before 1970 and after 2262 are not indexed.</summary>
    public const string PlacedAtExact = "placedAt.exact";

    /// <summary>Order numbers, SKUs and e-mail addresses.</summary>
    public const string Exact = "exact";

    /// <summary>Names of customers, recipients and products.</summary>
    public const string Names = "names";

    /// <summary>Addresses and categories.</summary>
    public const string Details = "details";

    public const string Notes = "notes";

    /// <summary>Phone numbers of addresses and notes.</summary>
    public const string Numbers = "numbers";

    public static SortOptions Ascending(this string field) => Sorted(field, SortOrder.Asc);

    public static SortOptions Descending(this string field) => Sorted(field, SortOrder.Desc);

    private static SortOptions Sorted(string field, SortOrder order) => new() { Field = new(field) { Order = order } };
}
