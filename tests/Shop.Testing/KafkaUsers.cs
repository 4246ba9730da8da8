using System.Security.Cryptography;
using Shop.LocalServers;

namespace Shop.Testing;

/// <summary>Users of a broker with SASL, TLS and access control lists. A new user has no rights.</summary>
public sealed class KafkaUsers
{
    private const string Administrator = "admin";

    private readonly Dictionary<string, string> _passwords;
    private readonly string _authority;

    public KafkaUsers(params IEnumerable<string> names)
    {
        _passwords = names.Append(Administrator).ToDictionary(name => name, _ => RandomNumberGenerator.GetHexString(16));
        var files = TestCertificates.CreateFiles();
        _authority = files[TestCertificates.Authority];
        var users = _passwords.Select(user => $"user_{user.Key}=\"{user.Value}\"");
        Security = new($"""
            sasl.enabled.mechanisms=PLAIN
            sasl.mechanism.inter.broker.protocol=PLAIN
            listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="{Administrator}" password="{_passwords[Administrator]}" {string.Join(' ', users)};
            ssl.keystore.type=PEM
            ssl.keystore.certificate.chain={OneLine(files[TestCertificates.Certificate])}
            ssl.keystore.key={OneLine(files[TestCertificates.Key])}
            ssl.truststore.type=PEM
            ssl.truststore.certificates={OneLine(_authority)}
            authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
            super.users=User:{Administrator};User:ANONYMOUS
            """, Settings(Administrator));
    }

    internal KafkaSecurity Security { get; }

    /// <summary>Settings of librdkafka to connect as a user, by the names that it has for them.</summary>
    public Dictionary<string, string> Settings(string user) => new()
    {
        ["security.protocol"] = "sasl_ssl",
        ["sasl.mechanism"] = "PLAIN",
        ["sasl.username"] = user,
        ["sasl.password"] = _passwords[user],
        ["ssl.ca.pem"] = _authority,
    };

    /// <summary>The same settings as a service's configuration has them.</summary>
    /// <param name="section">Such as <c>Kafka:Producer</c>.</param>
    public Dictionary<string, string?> Configuration(string section, string user) => new()
    {
        [$"{section}:SecurityProtocol"] = "SaslSsl",
        [$"{section}:SaslMechanism"] = "Plain",
        [$"{section}:SaslUsername"] = user,
        [$"{section}:SaslPassword"] = _passwords[user],
        [$"{section}:SslCaPem"] = _authority,
    };

    // A line of a properties file.
    private static string OneLine(string pem) =>
        pem.Trim().Replace("\r", "", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
