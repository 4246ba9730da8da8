using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.WriteApi.Http;

/// <summary>Checks how a body is encoded. The endpoint's metadata names the media types.</summary>
internal static partial class RequestContent
{
    /// <exception cref="BadHttpRequestException">415 if the body is not plain UTF-8.</exception>
    public static void RequireUtf8(HttpRequest request)
    {
        if (!IsUtf8(request.ContentType) || !IsIdentity(request.Headers.ContentEncoding))
        {
            throw new BadHttpRequestException(
                "The body must be UTF-8 without a Content-Encoding, and Content-Type must be one media type.",
                StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static bool IsIdentity(StringValues coding) =>
        coding is [] || (coding is [{ } only] && only.Equals("identity", StringComparison.OrdinalIgnoreCase));

    // A body without a type is read as JSON.
    private static bool IsUtf8(string? contentType)
    {
        if (string.IsNullOrWhiteSpace(contentType))
            return true;
        if (!MediaTypeHeaderValue.TryParse(WithoutEmptyParameters(contentType), out var type)
            || type.SubType.AsSpan().Contains(','))
            return false;
        return !type.Charset.HasValue
            || HeaderUtilities.UnescapeAsQuotedString(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }

    // They mean nothing (https://www.rfc-editor.org/rfc/rfc9110#name-parameters), but the framework refuses them.
    private static string WithoutEmptyParameters(string contentType) =>
        QuotedOrEmpty().Replace(contentType, found => found.Value[0] == '"' ? found.Value : "");

    [GeneratedRegex("""
        "(\\.|[^"\\])*"?|;[ \t]*(?=;|\z)
        """)]
    private static partial Regex QuotedOrEmpty();
}
