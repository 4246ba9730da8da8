using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// If-Match and If-None-Match of a request (https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests). If-Match
/// uses strong comparison, so a weak tag never matches. If-None-Match uses weak comparison.
/// </summary>
public sealed class ConditionalRequest
{
    private readonly IList<EntityTagHeaderValue>? _ifMatch;
    private readonly IList<EntityTagHeaderValue>? _ifNoneMatch;

    private ConditionalRequest(IList<EntityTagHeaderValue>? ifMatch, IList<EntityTagHeaderValue>? ifNoneMatch)
    {
        _ifMatch = ifMatch;
        _ifNoneMatch = ifNoneMatch;
    }

    /// <param name="invalid">The header whose value is not valid, if the result is null.</param>
    public static ConditionalRequest? TryRead(IHeaderDictionary headers, out string? invalid)
    {
        invalid = null;
        if (!TryRead(headers.IfMatch, out var ifMatch))
            invalid = HeaderNames.IfMatch;
        if (!TryRead(headers.IfNoneMatch, out var ifNoneMatch))
            invalid = HeaderNames.IfNoneMatch;
        return invalid is null ? new(ifMatch, ifNoneMatch) : null;
    }

    /// <returns>A strong tag of the content in its quotes.</returns>
    public static string ETagOf(ReadOnlySpan<byte> content) =>
        $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"";

    /// <param name="etag">The current tag in its quotes; null if the resource does not exist.</param>
    public bool IsIfMatchMet(string? etag) => _ifMatch is null || (etag is not null && Contains(_ifMatch, etag, true));

    /// <inheritdoc cref="IsIfMatchMet"/>
    public bool IsIfNoneMatchMet(string? etag) =>
        _ifNoneMatch is null || etag is null || !Contains(_ifNoneMatch, etag, false);

    private static bool Contains(IList<EntityTagHeaderValue> tags, string etag, bool isStrong)
    {
        var current = EntityTagHeaderValue.Parse(etag);
        return tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, isStrong));
    }

    private static bool TryRead(StringValues given, out IList<EntityTagHeaderValue>? tags)
    {
        tags = null;
        return StringValues.IsNullOrEmpty(given)
            || (EntityTagHeaderValue.TryParseStrictList([.. given.OfType<string>()], out tags)
                && (tags.Count == 1 || !tags.Contains(EntityTagHeaderValue.Any)));
    }
}
