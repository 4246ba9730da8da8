using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Shop.WriteApi.Http;

/// <summary>
/// If-Match (https://www.rfc-editor.org/rfc/rfc9110#name-if-match): the versions that a change expects. The comparison
/// is strong, so a weak tag never matches.
/// </summary>
internal readonly struct Precondition
{
    private readonly IList<EntityTagHeaderValue>? _tags;

    private Precondition(IList<EntityTagHeaderValue>? tags) => _tags = tags;

    public static Precondition Read(IHeaderDictionary headers)
    {
        var given = headers.IfMatch;
        if (StringValues.IsNullOrEmpty(given))
            return default;
        return EntityTagHeaderValue.TryParseStrictList([.. given.OfType<string>()], out var tags)
            ? new Precondition(tags)
            : throw RefusedException.Invalid("If-Match", "Must be an ETag in double quotes, a list of them, or *.");
    }

    /// <exception cref="RefusedException">412: the version is not an expected one.</exception>
    public void Check(long version)
    {
        if (_tags is null)
            return;
        var current = new EntityTagHeaderValue($"\"{version.ToString(CultureInfo.InvariantCulture)}\"");
        if (!_tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(current, useStrongComparison: true)))
            throw RefusedException.Stale(version);
    }
}
