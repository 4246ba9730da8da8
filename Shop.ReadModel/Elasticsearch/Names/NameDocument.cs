using System.Text.Json;
using System.Text.Json.Serialization;
using Shop.ReadModel.Names;

namespace Shop.ReadModel.Elasticsearch.Names;

/// <summary>A stored name. Its id is its key.</summary>
/// <param name="Key">The kind and the id.</param>
/// <param name="Terms">The words by which it is found, separated by spaces. No word contains one.</param>
internal sealed record NameDocument(
    string Key, string Kind, string Text, string? Email, string? Country, DateTimeOffset ChangedAt, long Version,
    Guid OrderId, DateTimeOffset Latest, long Orders, double Weight, DateTimeOffset AddedAt, string Terms)
{
    public NameEntry Entry => new(NameKey.Parse(Key), Text, Email, Country, ChangedAt, Version, OrderId, Latest);

    /// <summary>Merges an entry into a stored name; null if there is none yet.</summary>
    public static NameDocument Of(NameEntry entry, NameDocument? stored, DateTimeOffset now)
    {
        // Of equal versions the given one wins, so that a change by hand does not stay.
        var name = stored is null ? entry : entry.Merge(stored.Entry);
        return new(
            $"{name.Key}", KindOf(name.Key.Kind), name.Text, name.Email, name.Country, name.ChangedAt, name.Version,
            name.OrderId, name.LatestOrderAt, stored?.Orders ?? 1,
            stored?.Weight ?? NameWeight.Of(1, name.LatestOrderAt, now), stored?.AddedAt ?? now,
            string.Join(' ', name.Terms));
    }

    public NameDocument Counted(NameCount count, DateTimeOffset now) => this with
    {
        // Aggregations return milliseconds.
        Latest = Latest.ToUnixTimeMilliseconds() == count.Latest.ToUnixTimeMilliseconds() ? Latest : count.Latest,
        Orders = count.Orders,
        Weight = NameWeight.Of(count.Orders, count.Latest, now),
    };

    public static string KindOf(NameKind kind) => kind == NameKind.Customer ? "customer" : "product";
}

internal readonly record struct NameCount(long Orders, DateTimeOffset Latest);

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NameDocument))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class NameDocumentJson : JsonSerializerContext;
