using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Problems;

/// <summary>The <c>detail</c> of a problem of which only the status is known.</summary>
internal static class ProblemWords
{
    public static string Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized =>
            "The request needs a valid access token in the Authorization header (Bearer).",
        StatusCodes.Status403Forbidden => "The roles in the access token do not allow this request.",
        StatusCodes.Status404NotFound => "No resource was found at this path.",
        StatusCodes.Status405MethodNotAllowed => "This path does not support the method. See the Allow header.",
        StatusCodes.Status406NotAcceptable => "No representation matches the Accept header.",
        StatusCodes.Status408RequestTimeout => "The request was not received in time.",
        StatusCodes.Status413PayloadTooLarge => "The body exceeds the limit of this path.",
        StatusCodes.Status415UnsupportedMediaType => "This path does not support the body's Content-Type.",
        StatusCodes.Status429TooManyRequests =>
            "Too many requests. Repeat the request after the seconds in the Retry-After header.",
        StatusCodes.Status503ServiceUnavailable => "The service is temporarily unavailable. Repeat the request later.",
        >= 500 => "The service failed to handle the request. Use the trace id to find its log.",
        _ => "The request is not valid.",
    };
}
