using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Problems;

/// <summary>The stable <c>code</c> of a problem that has no more precise one of its own.</summary>
public static class ProblemCodes
{
    /// <summary>The member's name in the problem.</summary>
    public const string Member = "code";

    public const string Invalid = "request.invalid";
    public const string NotFound = "request.not-found";
    public const string Failed = "server.failed";
    public const string Unavailable = "server.unavailable";

    public static string Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Invalid,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => "request.method-not-allowed",
        StatusCodes.Status406NotAcceptable => "request.not-acceptable",
        StatusCodes.Status408RequestTimeout => "request.timeout",
        StatusCodes.Status413PayloadTooLarge => "request.too-large",
        StatusCodes.Status415UnsupportedMediaType => "request.unsupported-media-type",
        StatusCodes.Status503ServiceUnavailable => Unavailable,
        StatusCodes.Status504GatewayTimeout => "server.timeout",
        >= 500 => Failed,
        _ => Invalid,
    };
}
