using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadApi.Queries;
using Shop.ServiceDefaults.Http;

namespace Shop.ReadApi.Orders;

/// <summary>The conditional requests of routes that read one resource.</summary>
internal static class Conditions
{
    /// <returns>Null if a header is not valid, which the reader then has as an error.</returns>
    public static ConditionalRequest? ReadConditions(this QueryReader reader, IHeaderDictionary headers)
    {
        var conditions = ConditionalRequest.TryRead(headers, out var invalid);
        if (conditions is null)
            reader.Refuse(invalid!, $"'{invalid}' must be an ETag in double quotes, a list of them, or *.");
        return conditions;
    }

    /// <param name="etag">Of the visible version, in its quotes.</param>
    /// <param name="json">The resource in UTF-8.</param>
    /// <returns>The resource, 304 or 412.</returns>
    public static Results<Utf8ContentHttpResult, StatusCodeHttpResult, ProblemHttpResult> Respond(
        ConditionalRequest? conditions, string etag, ReadOnlyMemory<byte> json, HttpResponse response)
    {
        response.Headers.ETag = etag;
        if (conditions?.IsIfMatchMet(etag) is false)
            return ReadProblems.OtherVersion(etag);
        if (conditions?.IsIfNoneMatchMet(etag) is false)
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Text(json.Span, "application/json; charset=utf-8");
    }
}
