using Microsoft.AspNetCore.Http;

namespace Shop.ServiceDefaults.Problems;

/// <summary>The <c>detail</c> of a problem whose status is all that is known of it.</summary>
internal static class ProblemWords
{
    public static string Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this path.",
        StatusCodes.Status405MethodNotAllowed => "This path does not take the method; Allow names those that it takes.",
        StatusCodes.Status406NotAcceptable => "There is no answer of a kind that Accept asks for.",
        StatusCodes.Status408RequestTimeout => "The request came too slowly.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than this path takes.",
        StatusCodes.Status415UnsupportedMediaType => "The body's Content-Type is none that this path takes.",
        StatusCodes.Status503ServiceUnavailable => "The service cannot answer now; the request may be repeated.",
        >= 500 => "The service failed; the trace id leads to what it logged.",
        _ => "The request cannot be understood.",
    };
}
