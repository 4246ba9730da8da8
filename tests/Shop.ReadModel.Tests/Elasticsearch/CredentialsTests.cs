using System.Text.Json.Nodes;
using Shop.LocalServers;
using Shop.ReadModel.Names;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.Elasticsearch;

/// <summary>Ways to name who one is, and whom one trusts, to a node with security and TLS.</summary>
public sealed class CredentialsTests
{
    [SkippableTheory]
    [InlineData("elastic", SecuredStores.Password)]
    [InlineData("shop@x#1", "w:/?#[]@!$&'()*+,;=%-._~ |\\^`{}<>")]
    [InlineData("sh/op+?", "Đức's Straße 日本 🔑")]
    public async Task Users_and_passwords_of_any_characters_are_taken_raw_and_encoded(string user, string password)
    {
        var server = await SecuredStores.GetServerAsync();
        if (user != LocalElasticsearch.UserName)
            await AddUserAsync(server, user, password);
        var (encodedUser, encodedPassword) = (Uri.EscapeDataString(user), Uri.EscapeDataString(password));

        await ConnectsAsync(server, $"https://{user}:{password}@{server.Address.Authority}");
        await ConnectsAsync(server, $"https://{encodedUser}:{encodedPassword}@{server.Address.Authority}");
    }

    [SkippableFact]
    public async Task User_and_key_may_stand_apart_from_the_address()
    {
        var server = await SecuredStores.GetServerAsync();
        var key = await ApiKeyStores.CreateKeyAsync(server);
        var address = server.Address.OriginalString;

        await ConnectsAsync(SecuredStores.Connection(
            server, address, $"UserName={LocalElasticsearch.UserName};Password='{SecuredStores.Password}'"));
        await ConnectsAsync(SecuredStores.Connection(server, address, $"ApiKey={key}"));
        await ConnectsAsync(address, new()
        {
            ["Elasticsearch:ApiKey"] = key,
            ["Elasticsearch:CertificateAuthority"] = server.CertificateAuthority,
        });
    }

    [SkippableFact]
    public async Task A_wrong_password_and_an_unknown_certificate_make_the_store_unavailable()
    {
        var server = await SecuredStores.GetServerAsync();
        var address = server.Address.Authority;
        await RefusedAsync(SecuredStores.Connection(server, $"https://elastic:wrong@{address}"));
        await RefusedAsync(SecuredStores.Connection(server, $"https://{address}"));
        await RefusedAsync($"https://elastic:{SecuredStores.Password}@{address}");
    }

    private static Task<string> AddUserAsync(LocalElasticsearch server, string user, string password) =>
        server.SendAsync(
            HttpMethod.Put,
            $"/_security/user/{Uri.EscapeDataString(user)}",
            new JsonObject { ["password"] = password, ["roles"] = new JsonArray("superuser") }.ToJsonString());

    private static Task ConnectsAsync(LocalElasticsearch server, string endpoint) => ConnectsAsync(
        endpoint, new() { ["Elasticsearch:CertificateAuthority"] = server.CertificateAuthority });

    private static async Task ConnectsAsync(string connectionString, Dictionary<string, string?>? settings = null)
    {
        await using var store = new ElasticsearchStore(connectionString, settings);
        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));
    }

    private static async Task RefusedAsync(string connectionString)
    {
        // Nothing to clean up: it made nothing.
        var store = new ElasticsearchStore(connectionString);
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => store.Index.EnsureCreatedAsync(default));
    }

    [SkippableFact]
    public async Task The_projectors_key_creates_writes_and_rebuilds_and_the_readers_key_only_reads()
    {
        var server = await SecuredStores.GetServerAsync();
        var alias = $"test-{Guid.CreateVersion7():N}";
        using var administrator = server.CreateClient();
        await using var projector = new ElasticsearchStore(await ConnectionAsync("projector", mayWrite: true), alias: alias);
        using var reader = new ElasticsearchStore(await ConnectionAsync("read-api", mayWrite: false), alias: alias);
        await projector.Index.EnsureCreatedAsync(default);
        var order = Orders.New();
        await projector.Store.ApplyAsync(order);

        await projector.Generations.CreateShadowAsync(default);
        await projector.Generations.Shadow.ApplyAsync([order], default);
        await projector.Generations.CutOverAsync(default);

        Assert.Single((await reader.Search.SearchAsync(Orders.All, default)).Orders);
        var names = projector.Get<INameIndex>();
        await names.EnsureCreatedAsync(default);
        await names.ApplyAsync(NameEntry.Of([order]), default);
        NameKey[] keys = [new(NameKind.Customer, $"{order.Customer.Id}")];
        Assert.NotEmpty(await reader.Get<INameIndex>().ReadAsync(keys, default));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(
            () => reader.Get<INameIndex>().ApplyAsync(NameEntry.Of([Orders.New()]), default));
        Assert.Null(await reader.Get<IReadStoreSchema>().FindProblemAsync(default));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => reader.Store.ApplyAsync(Orders.New()));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => reader.Generations.CreateShadowAsync(default));
        using var elsewhere = new ElasticsearchStore(await ConnectionAsync("another", mayWrite: true));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => elsewhere.Index.EnsureCreatedAsync(default));

        async Task<string> ConnectionAsync(string name, bool mayWrite)
        {
            var key = await ElasticsearchKeys.CreateAsync(administrator, $"{name}-{alias}", mayWrite, alias, default);
            return SecuredStores.Connection(server, server.Address.OriginalString, $"ApiKey={key}");
        }
    }

    [SkippableFact]
    public async Task A_key_with_the_right_to_read_serves_searches_and_creates_nothing()
    {
        var server = await SecuredStores.GetServerAsync();
        await using var stores = new SecuredStores();
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await store.Store.ApplyAsync(order);
        var key = await ApiKeyStores.CreateKeyAsync(server, $$$"""
            ,"role_descriptors":{"reader":{"indices":[
                {"names":["{{{store.Alias}}}*"],"privileges":["read","view_index_metadata"]}]}}
            """);
        var connection = SecuredStores.Connection(server, server.Address.OriginalString, $"ApiKey={key}");
        using var reader = new ElasticsearchStore(connection, alias: store.Alias);

        Assert.Single((await reader.Search.SearchAsync(Orders.All, default)).Orders);
        Assert.Equal(order.Version, (await reader.Search.GetAsync(order.Id, CallerScope.Everything, 0, default))!.Version);
        Assert.Single(await reader.Search.SearchableVersionsAsync([order.Id], default));
        Assert.Null(await reader.Search.ReadFreshnessAsync(default));
        Assert.Null(await reader.Get<IReadStoreSchema>().FindProblemAsync(default));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => reader.Store.ApplyAsync(Orders.New()));
        var index = (await store.SendAsync(Elastic.Transport.HttpMethod.GET, $"/_alias/{store.Alias}")).Json.Single().Key;
        await store.SendAsync(Elastic.Transport.HttpMethod.DELETE, $"/{index}");
        Assert.NotNull(await reader.Get<IReadStoreSchema>().FindProblemAsync(default));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => reader.Index.EnsureCreatedAsync(default));
    }
}
