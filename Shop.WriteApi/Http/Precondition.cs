using Microsoft.AspNetCore.Http.Metadata;
using Shop.ServiceDefaults.Http;

namespace Shop.WriteApi.Http;

/// <summary>If-Match and If-None-Match of a change: the versions that it expects, or that it does not.</summary>
internal readonly struct Precondition
{
    private readonly ConditionalRequest? _request;

    private Precondition(ConditionalRequest request) => _request = request;

    /// <summary>Reads the headers, unless the command has no precondition: then it is not described with 412.</summary>
    public static Precondition Read(HttpContext context)
    {
        if (!HasPrecondition(context.GetEndpoint()!))
            return default;
        return ConditionalRequest.TryRead(context.Request.Headers, out var invalid) is { } request
            ? new Precondition(request)
            : throw RefusedException.Invalid(invalid!, "Must be an ETag in double quotes, a list of them, or *.");
    }

    /// <param name="version">The current version; null if there is nothing yet.</param>
    /// <exception cref="RefusedException">412: the version is not an expected one.</exception>
    public void Check(long? version)
    {
        var etag = version is null ? null : $"\"{version}\"";
        if (_request is { } request && (!request.IsIfMatchMet(etag) || !request.IsIfNoneMatchMet(etag)))
            throw RefusedException.Stale(version);
    }

    private static bool HasPrecondition(Endpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>()
            .Any(response => response.StatusCode == StatusCodes.Status412PreconditionFailed);
}
