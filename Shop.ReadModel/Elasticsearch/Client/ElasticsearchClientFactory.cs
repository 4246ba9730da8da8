using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Serialization;
using Elastic.Transport;

namespace Shop.ReadModel.Elasticsearch.Client;

internal static class ElasticsearchClientFactory
{
    public const string Json = "application/json";

    /// <summary>How long a failed node is not used.</summary>
    private static readonly TimeSpan DeadTime = TimeSpan.FromSeconds(2);

    public static ElasticsearchClient Create(ElasticsearchConnection connection, ElasticsearchOptions options)
    {
        var settings = new ElasticsearchClientSettings(
                new StaticNodePool(connection.Nodes),
                sourceSerializer: (_, own) => new DefaultSourceSerializer(own, Configure))
            .RequestTimeout(options.RequestTimeout)
            .MaximumRetries(connection.Nodes.Count - 1)
            .DisablePing()
            // Within one data centre, compression costs more processor time than it saves in the network.
            .EnableHttpCompression(false)
            .DeadTimeout(DeadTime)
            .MaxDeadTimeout(DeadTime)
            // Client 9 requests compatible-with=9, which a version 8 server rejects. Both accept plain JSON.
            .OnBeforeRequest((_, _, _, ref _, ref configuration) =>
                configuration = configuration is null
                    ? new RequestConfiguration { Accept = Json, ContentType = Json }
                    : new RequestConfiguration(configuration) { Accept = Json, ContentType = Json });
        if (Authentication(connection, options) is { } header)
            settings.Authentication(header);

        Trust(settings, connection, options);
        return new(settings);
    }

    private static AuthorizationHeader? Authentication(ElasticsearchConnection connection, ElasticsearchOptions options)
    {
        if ((options.ApiKey ?? connection.ApiKey) is { } key)
            return new ApiKey(key);

        return (options.UserName ?? connection.UserName) is { } user
            ? new BasicAuthentication(user, options.Password ?? connection.Password ?? "")
            : null;
    }

    private static void Trust(
        ElasticsearchClientSettings settings, ElasticsearchConnection connection, ElasticsearchOptions options)
    {
        if ((options.CertificateFingerprint ?? connection.CertificateFingerprint) is { } fingerprint)
            settings.CertificateFingerprint(fingerprint);

        if (options.CertificateAuthority is not { } file)
            return;

        var authority = X509CertificateLoader.LoadCertificateFromFile(file);
        settings.ServerCertificateValidationCallback(CertificateValidations.AuthorityIsRoot(authority));
    }

    private static void Configure(JsonSerializerOptions options) =>
        options.TypeInfoResolverChain.Insert(0, ReadModelJson.Default);
}
