using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Encodes positions as cursors. A cursor contains an authentication tag for the position and the search. A cursor that
/// was modified, or that is used with another text, filter or sort or by a caller with another scope, is rejected.
/// </summary>
/// <param name="key">Shared by all instances of the read API.</param>
public sealed class CursorCodec(byte[] key)
{
    private const int TagLength = 16;
    private const int MaxLength = 4096;

    public string Encode(PagePosition position, OrderQuery query)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(position, ReadModelJson.Default.PagePosition);
        return Base64Url.EncodeToString([.. Tag(json, query), .. json]);
    }

    /// <exception cref="InvalidCursorException">The cursor is not valid, or belongs to another search.</exception>
    public PagePosition Decode(string cursor, OrderQuery query)
    {
        // The decoder skips white space.
        if (cursor.Length > MaxLength || cursor.Any(char.IsWhiteSpace) || !Base64Url.IsValid(cursor))
            throw Invalid();

        var bytes = Base64Url.DecodeFromChars(cursor).AsSpan();
        if (bytes.Length <= TagLength)
            throw Invalid();

        var json = bytes[TagLength..];
        if (!CryptographicOperations.FixedTimeEquals(bytes[..TagLength], Tag(json, query)))
            throw Invalid();

        try
        {
            return JsonSerializer.Deserialize(json, ReadModelJson.Default.PagePosition) ?? throw Invalid();
        }
        catch (JsonException exception)
        {
            throw Invalid(exception);
        }
    }

    private ReadOnlySpan<byte> Tag(ReadOnlySpan<byte> json, OrderQuery query)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(BitConverter.GetBytes(json.Length));
        hash.AppendData(json);
        hash.AppendData(Encoding.UTF8.GetBytes(Identity(query)));
        return hash.GetHashAndReset().AsSpan(0, TagLength);
    }

    // The caller's scope and everything that selects or sorts orders. Page size, facets and highlights may change between pages.
    private static string Identity(OrderQuery query)
    {
        var text = query.Text;
        var filters = query.Filters;
        object?[] parts =
        [
            query.Scope.CustomerId, query.Sort, text.Prefix, List(text.Terms), List(text.Excluded), Set(filters.Statuses),
            Set(filters.CustomerIds), Set(filters.Skus), Set(filters.Categories), Set(filters.Countries),
            Set(filters.Currencies), filters.PlacedFrom?.UtcTicks, filters.PlacedBefore?.UtcTicks, filters.TotalFrom,
            filters.TotalTo,
        ];
        return string.Join('\n', parts.Select(part => Convert.ToString(part, CultureInfo.InvariantCulture)));
    }

    private static string List(IEnumerable<string?> values) => string.Join('\u001F', values);

    // Values of one filter are alternatives, in any order.
    private static string Set<T>(IReadOnlyList<T> values) => List(
        values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)).Order(StringComparer.Ordinal));

    private static InvalidCursorException Invalid(Exception? inner = null) =>
        new("The cursor is not valid for this search.", inner);
}
