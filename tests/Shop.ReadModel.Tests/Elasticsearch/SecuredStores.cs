using System.Text.Json.Nodes;
using Shop.Testing;

namespace Shop.ReadModel.Tests.Elasticsearch;

/// <summary>
/// A node with security and TLS, one for a test run, and stores that know its user. If there is no Elasticsearch of the
/// tests' own, the stores are on the one without security.
/// </summary>
public class SecuredStores : ElasticsearchStores
{
    /// <summary>Taken raw and encoded: nothing in it reads as an encoded character.</summary>
    internal const string Password = "p@ss:w/rd%#?&,+=ü";

    private protected static readonly Lazy<Task<LocalElasticsearch?>> Shared = new(StartAsync);

    public override async Task<string> GetConnectionStringAsync()
    {
        if (await Shared.Value is not { } server)
            return await base.GetConnectionStringAsync();
        return Connection(
            server, $"https://{LocalElasticsearch.UserName}:{Password}@{server.Address.Authority}");
    }

    internal static async Task<LocalElasticsearch> GetServerAsync()
    {
        var server = await Shared.Value;
        Skip.If(server is null, "No Elasticsearch of the test's own: set ES_HOME to the folder of an unpacked Elasticsearch.");
        return server;
    }

    /// <param name="more">Further <c>key=value</c> pairs.</param>
    internal static string Connection(LocalElasticsearch server, string endpoint, string more = "") =>
        $"Endpoint=\"{endpoint}\";CertificateFingerprint={server.CertificateFingerprint};{more}";

    private static async Task<LocalElasticsearch?> StartAsync()
    {
        if (LocalElasticsearch.FindHome() is not { } home)
            return null;

        var server = await LocalElasticsearch.CreateAsync(home, Password);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    }
}

/// <summary>The same node with a key in place of the user.</summary>
public sealed class ApiKeyStores : SecuredStores
{
    public override async Task<string> GetConnectionStringAsync()
    {
        if (await Shared.Value is not { } server)
            return await base.GetConnectionStringAsync();
        return Connection(server, server.Address.OriginalString, $"ApiKey={await CreateKeyAsync(server)}");
    }

    /// <param name="more">Further members of the request.</param>
    internal static async Task<string> CreateKeyAsync(LocalElasticsearch server, string more = "")
    {
        var body = $$"""{"name":"shop"{{more}}}""";
        var answer = await server.SendAsync(HttpMethod.Post, "/_security/api_key", body);
        return (string)JsonNode.Parse(answer)!["encoded"]!;
    }
}
