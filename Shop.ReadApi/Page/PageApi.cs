using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Shop.ReadApi.Queries;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Security;

namespace Shop.ReadApi.Page;

/// <summary>Serves the page: its document at the addresses of its views, and its files.</summary>
internal static class PageApi
{
    public const string Path = "/page";

    private static readonly string[] Views = ["/", "/new", "/pipeline"];

    // An order and a customer have the same address in the page and in the API.
    private static readonly string[] SharedViews = ["/orders/", "/customers/"];

    public static void AddPage(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<PageOptions>().BindConfiguration(PageOptions.Section);
        builder.Services.AddSingleton<PageFiles>();
        builder.Services.AddResponseCompression(compression => compression.EnableForHttps = true);
        builder.Services.Configure<BrotliCompressionProviderOptions>(
            brotli => brotli.Level = System.IO.Compression.CompressionLevel.Optimal);
    }

    /// <summary>Sends browsers that open an order or a customer to the page. Call it before routing.</summary>
    public static void UsePage(this WebApplication app)
    {
        app.UseResponseCompression();
        app.Use((context, next) =>
        {
            var request = context.Request;
            if (SharedViews.Any(view => IsIdBelow(request.Path, view)))
            {
                context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
                if (IsNavigation(request))
                    request.Path = "/";
            }

            return next(context);
        });
    }

    public static void MapPage(this IEndpointRouteBuilder app)
    {
        var page = app.MapGroup("").ExcludeFromDescription().AllowAnonymous();
        foreach (var view in Views)
            page.MapGet(view, GetDocumentAsync);
        page.MapGet($"{Path}/config.json", GetConfiguration);
        page.MapGet($"{Path}/{{hash}}/{{**path}}", GetFile);
    }

    private static async Task<IResult> GetDocumentAsync(
        PageFiles files, IOptions<PageOptions> options, HttpContext context)
    {
        var html = await files.ReadIndexAsync(context.RequestAborted);
        var headers = context.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy(options.Value);
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        var bytes = Encoding.UTF8.GetBytes(html);
        var etag = ConditionalRequest.ETagOf(bytes);
        headers.ETag = etag;
        return ConditionalRequest.TryRead(context.Request.Headers, out _)?.IsIfNoneMatchMet(etag) is false
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Text(bytes, $"{MediaTypeNames.Text.Html}; charset=utf-8");
    }

    private static JsonHttpResult<object> GetConfiguration(
        IOptions<PageOptions> options, AuthenticationSettings settings, HttpResponse response)
    {
        response.Headers.CacheControl = "no-cache";
        var page = options.Value;
        return TypedResults.Json<object>(new
        {
            WriteApi = Trim(page.WriteApi),
            Projector = Trim(page.Projector),
            Dashboard = Trim(page.Dashboard),
            Authority = Trim(page.Authority),
            page.ClientId,
            settings.RoleClaim,
            page.Scope,
        });
    }

    private static Results<FileStreamHttpResult, NotFound> GetFile(
        string hash, string path, PageFiles files, HttpResponse response)
    {
        if (files.Find(path) is not var (file, contentType))
            return TypedResults.NotFound();

        // While versions are being replaced, a browser may ask this one for files of another.
        response.Headers.CacheControl =
            hash == files.CurrentHash ? "public, max-age=31536000, immutable" : "no-store";
        var etag = new EntityTagHeaderValue($"\"{hash}-{file.Length:x}\"");
        return TypedResults.Stream(file.CreateReadStream(), contentType, entityTag: etag);
    }

    private static string Policy(PageOptions page) => string.Join("; ",
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "manifest-src 'self'",
        string.Join(' ', ["connect-src 'self'", .. page.Origins]), "base-uri 'none'", "form-action 'none'",
        "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'");

    private static string? Trim(Uri? address) => address?.AbsoluteUri.TrimEnd('/');

    private static bool IsIdBelow(PathString path, string view) =>
        path.Value is { } value && value.StartsWith(view, StringComparison.Ordinal)
            && IdText.TryParse(value.AsSpan(view.Length), out _);

    private static bool IsNavigation(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
            && request.Prefers(MediaTypeNames.Text.Html);
}
