using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Shop.LocalServers;

namespace Shop.Testing;

/// <summary>A certificate authority of the test run, and a certificate for this machine that it signed.</summary>
internal static class TestCertificates
{
    /// <summary>The file of the authority's certificate.</summary>
    public const string Authority = "ca.crt";

    /// <summary>The file of the server's certificate with its chain.</summary>
    public const string Certificate = "http.crt";

    /// <summary>The file of its key.</summary>
    public const string Key = "http.key";

    private const string AuthorityName = "CN=Shop test authority";

    private const string Settings = $"""
        xpack.security.http.ssl.enabled: true
        xpack.security.http.ssl.certificate: {Certificate}
        xpack.security.http.ssl.key: {Key}
        """;

    public static ElasticsearchSecurity CreateSecurity(string password) =>
        new(password, Settings, CreateFiles(), certificate => certificate?.Issuer == AuthorityName);

    /// <summary>SHA-256 of a certificate in hex.</summary>
    public static string Fingerprint(string file)
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.GetCertHashString(HashAlgorithmName.SHA256);
    }

    /// <summary>PEM files of a new authority and of a server on this machine.</summary>
    public static Dictionary<string, string> CreateFiles()
    {
        var now = TimeProvider.System.GetUtcNow();
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asAuthority = new CertificateRequest(AuthorityName, authorityKey, HashAlgorithmName.SHA256);
        asAuthority.CertificateExtensions.Add(X509BasicConstraintsExtension.CreateForCertificateAuthority());
        using var authority = asAuthority.CreateSelfSigned(now.AddDays(-1), now.AddDays(7));

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asServer = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        asServer.CertificateExtensions.Add(names.Build());
        using var certificate = asServer.Create(authority, now.AddDays(-1), now.AddDays(6), [1]);

        return new()
        {
            [Authority] = authority.ExportCertificatePem(),
            [Certificate] = $"{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}",
            [Key] = key.ExportPkcs8PrivateKeyPem(),
        };
    }
}
