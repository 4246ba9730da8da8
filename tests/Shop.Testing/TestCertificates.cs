using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Shop.Testing;

/// <summary>An authority of a test run's own, and a certificate for this machine that it has signed.</summary>
internal static class TestCertificates
{
    public const string Authority = "ca.crt";
    public const string Certificate = "http.crt";
    public const string Key = "http.key";
    public const string AuthorityName = "CN=Shop test authority";

    /// <summary>Writes them as PEM files, the certificate with its chain.</summary>
    public static void Write(string directory)
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

        File.WriteAllText(Path.Combine(directory, Authority), authority.ExportCertificatePem());
        File.WriteAllText(
            Path.Combine(directory, Certificate),
            $"{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}");
        File.WriteAllText(Path.Combine(directory, Key), key.ExportPkcs8PrivateKeyPem());
    }
}
