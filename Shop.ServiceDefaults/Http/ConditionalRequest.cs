using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Http;

/// <summary>
/// If-Match and If-None-Match of a request (https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests). If-Match
/// uses strong comparison, so a weak tag never matches. If-None-Match uses weak comparison.
/// </summary>
public sealed partial class ConditionalRequest
{
    private const string Any = "*";
    private const string Weak = "W/";

    private readonly string[]? _ifMatch;
    private readonly string[]? _ifNoneMatch;

    private ConditionalRequest(string[]? ifMatch, string[]? ifNoneMatch)
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

    /// <param name="etag">The current tag in its quotes, a strong one; null if the resource does not exist.</param>
    public bool IsIfMatchMet(string? etag) =>
        _ifMatch is null || (etag is not null && (_ifMatch.Contains(Any) || _ifMatch.Contains(etag)));

    /// <inheritdoc cref="IsIfMatchMet"/>
    public bool IsIfNoneMatchMet(string? etag) =>
        _ifNoneMatch is null || etag is null
        || !(_ifNoneMatch.Contains(Any) || _ifNoneMatch.Contains(etag) || _ifNoneMatch.Contains(Weak + etag));

    private static bool TryRead(StringValues given, out string[]? tags)
    {
        tags = null;
        if (StringValues.IsNullOrEmpty(given))
            return true;
        var list = List().Match(given.ToString());
        tags = [.. list.Groups["tag"].Captures.Select(tag => tag.Value)];
        return list.Success;
    }

    // The framework's parser is not used because it reads a backslash as an escape character. A list may have empty
    // elements.
    [GeneratedRegex("""
        \A(?:(?<tag>\*)|[ \t,]*(?:(?<tag>(?:W/)?"[^"]*")[ \t]*(?:,[ \t,]*|\z))+)\z
        """)]
    private static partial Regex List();
}
