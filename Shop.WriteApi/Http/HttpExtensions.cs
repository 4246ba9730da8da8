namespace Shop.WriteApi.Http;

internal static class HttpExtensions
{
    // Room for Limits.Ids ids in one request line.
    private const int RequestLine = 64 * 1024;

    public static WebApplicationBuilder AddHttp(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = Limits.Body;
            kestrel.Limits.MaxRequestLineSize = RequestLine;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, WriteJson.Default));
        return builder;
    }
}
