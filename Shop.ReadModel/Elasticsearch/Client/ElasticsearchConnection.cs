using System.Data.Common;
using System.Text.RegularExpressions;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>
/// A parsed connection string: <c>http://user:password@host:9200</c>, several of these separated by commas, or
/// <c>Endpoint=https://host:9200;ApiKey=…</c> (also <c>UserName</c>, <c>Password</c>, <c>CertificateFingerprint</c>).
/// </summary>
/// <remarks>
/// The password in a URL may be percent-encoded or raw. It ends at the last <c>@</c> before the host. A <c>+</c>, and a
/// <c>%</c> that is not followed by two hex digits, are kept. Encode a password that contains a sequence such as
/// <c>%41</c>, and every password in a URL whose path contains an <c>@</c>.
/// </remarks>
internal sealed partial record ElasticsearchConnection(IReadOnlyList<Uri> Nodes)
{
    public string? UserName { get; init; }
    public string? Password { get; init; }
    public string? ApiKey { get; init; }
    public string? CertificateFingerprint { get; init; }

    /// <exception cref="FormatException">The format is not supported. The message contains no secret.</exception>
    public static ElasticsearchConnection Parse(string connectionString)
    {
        if (Scheme().IsMatch(connectionString))
            return ParseUrls(connectionString);

        var settings = ParseSettings(connectionString);
        var fromUrls = ParseUrls(Get(nameof(Endpoint)) ?? throw new FormatException(
            "The connection string of Elasticsearch has neither a URL nor an Endpoint."));
        return fromUrls with
        {
            UserName = Get(nameof(UserName)) ?? fromUrls.UserName,
            Password = Get(nameof(Password)) ?? fromUrls.Password,
            ApiKey = Get(nameof(ApiKey)),
            CertificateFingerprint = Get(nameof(CertificateFingerprint)),
        };

        string? Get(string key) => settings.TryGetValue(key, out var value) ? (string)value : null;
    }

    private static DbConnectionStringBuilder ParseSettings(string connectionString)
    {
        try
        {
            return new() { ConnectionString = connectionString };
        }
        catch (ArgumentException)
        {
            throw new FormatException("The connection string of Elasticsearch is neither a URL nor key=value pairs.");
        }
    }

    private static ElasticsearchConnection ParseUrls(string urls)
    {
        var endpoints = BetweenUrls().Split(urls.Trim()).Select(Endpoint.Parse).ToList();
        var withUser = endpoints.Find(endpoint => endpoint.UserName is not null);
        return new([.. endpoints.Select(endpoint => endpoint.Address)])
        {
            UserName = withUser.UserName,
            Password = withUser.Password,
        };
    }

    [GeneratedRegex(@"^\s*https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\s*[,;]\s*(?=https?://)", RegexOptions.IgnoreCase)]
    private static partial Regex BetweenUrls();

    private readonly record struct Endpoint(Uri Address, string? UserName, string? Password)
    {
        public static Endpoint Parse(string url)
        {
            var authority = url.IndexOf("://", StringComparison.Ordinal) + 3;
            var at = url.LastIndexOf('@');
            var withoutUser = at < authority ? url : url[..authority] + url[(at + 1)..];
            if (authority < 3 || !Uri.TryCreate(withoutUser, UriKind.Absolute, out var address))
                throw new FormatException("The connection string of Elasticsearch contains an invalid URL. Use http://host:9200.");

            if (at < authority)
                return new(address, null, null);

            var user = url[authority..at];
            var colon = user.IndexOf(':', StringComparison.Ordinal);
            return colon < 0
                ? new(address, Uri.UnescapeDataString(user), "")
                : new(address, Uri.UnescapeDataString(user[..colon]), Uri.UnescapeDataString(user[(colon + 1)..]));
        }
    }
}
