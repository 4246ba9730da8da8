using Shop.ServiceDefaults.Http;

namespace Shop.WriteApi.Http;

/// <summary>If-Match and If-None-Match of a change: the versions that it expects, or that it does not.</summary>
internal readonly struct Precondition
{
    private readonly ConditionalRequest _request;

    private Precondition(ConditionalRequest request) => _request = request;

    public static Precondition Read(IHeaderDictionary headers) =>
        ConditionalRequest.TryRead(headers, out var invalid) is { } request
            ? new Precondition(request)
            : throw RefusedException.Invalid(invalid!, "Must be an ETag in double quotes, a list of them, or *.");

    /// <param name="version">The current version; null if there is nothing yet.</param>
    /// <exception cref="RefusedException">412: the version is not an expected one.</exception>
    public void Check(long? version)
    {
        var etag = version is null ? null : $"\"{version}\"";
        if (!_request.IsIfMatchMet(etag) || !_request.IsIfNoneMatchMet(etag))
            throw RefusedException.Stale(version);
    }
}
