using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Problems;

/// <summary>The stable <c>code</c> of problems that have no more specific one.</summary>
public static class ProblemCodes
{
    /// <summary>The name of the member in the problem details.</summary>
    public const string Member = "code";

    public const string Invalid = "request.invalid";
    public const string NotFound = "request.not-found";
    public const string Failed = "server.failed";
    public const string Unavailable = "server.unavailable";

    /// <summary>401: there is no token, or it is not valid.</summary>
    public const string TokenRequired = "auth.required";

    /// <summary>403: the caller's roles do not allow the request.</summary>
    public const string Forbidden = "auth.forbidden";

    public static string Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Invalid,
        StatusCodes.Status401Unauthorized => TokenRequired,
        StatusCodes.Status403Forbidden => Forbidden,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => "request.method-not-allowed",
        StatusCodes.Status406NotAcceptable => "request.not-acceptable",
        StatusCodes.Status408RequestTimeout => "request.timeout",
        StatusCodes.Status413PayloadTooLarge => "request.too-large",
        StatusCodes.Status415UnsupportedMediaType => "request.unsupported-media-type",
        StatusCodes.Status429TooManyRequests => "request.too-many",
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        StatusCodes.Status504GatewayTimeout => "server.timeout",
        >= 500 => Failed,
        _ => Invalid,
    };
}
