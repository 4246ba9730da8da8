using Microsoft.Net.Http.Headers;

namespace Shop.ReadApi.Queries;

/// <summary>Reads Accept (https://www.rfc-editor.org/rfc/rfc9110#name-accept) where there is a choice.</summary>
internal static class AcceptHeader
{
    /// <summary>
    /// Whether the media type is the first of those with the highest quality. A type with the quality 0 is refused.
    /// </summary>
    public static bool Prefers(this HttpRequest request, string mediaType) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted)
        && accepted.OrderByDescending(type => type.Quality ?? 1).First() is { Quality: not 0 } preferred
        && preferred.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase);
}
