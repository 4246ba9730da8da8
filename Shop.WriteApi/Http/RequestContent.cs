using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.WriteApi.Http;

/// <summary>Checks how a body is encoded. The endpoint's metadata names the media types.</summary>
internal static class RequestContent
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
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || type.SubType.AsSpan().Contains(','))
            return false;
        return type.Charset.Value?.Trim('"') is not { } charset
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
