using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests.Elasticsearch;

/// <summary>A projector that writes to a real Elasticsearch through a proxy, and verifies it often.</summary>
internal sealed class ElasticsearchShop : IAsyncDisposable
{
    private readonly HttpClient _server;

    private ElasticsearchShop(
        string server, ElasticsearchProxy proxy, ProjectorFixture shop, HttpClient client, string alias)
    {
        (Proxy, Shop, Client, Alias) = (proxy, shop, client, alias);
        _server = new() { BaseAddress = new(server) };
    }

    public ElasticsearchProxy Proxy { get; }

    public ProjectorFixture Shop { get; }

    /// <summary>Of the projector's admin.</summary>
    public HttpClient Client { get; }

    public string Alias { get; }

    /// <param name="server">Null for the one that tests share.</param>
    public static async Task<ElasticsearchShop> StartAsync(string? server = null)
    {
        server ??= await ElasticsearchServer.GetConnectionStringAsync();
        var proxy = await ElasticsearchProxy.StartAsync(server);
        var alias = $"test-{Guid.CreateVersion7():N}";
        var fixture = await ProjectorFixture.CreateAsync(addStore: AddStore);
        var client = await fixture.StartProjectorAsync();
        return new(server, proxy, fixture, client, alias);

        void AddStore(WebApplicationBuilder builder)
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["ConnectionStrings:elasticsearch"] = proxy.Address,
                ["Elasticsearch:Alias"] = alias,
                ["Elasticsearch:RequestTimeout"] = "00:00:30", // An index takes seconds to create on a busy machine.
                ["Projector:VerifyInterval"] = "00:00:00.500",
                ["Projector:ReconciliationInterval"] = "00:00:01",
            });
            builder.AddReadModel();
        }
    }

    /// <summary>Publishes a version of each order.</summary>
    public Task PublishAsync(IEnumerable<Guid> orders, long version) =>
        Task.WhenAll(orders.Select(order => Shop.PublishAsync(SampleOrder.State(order, version))));

    /// <summary>Sends a request directly to the server, as a user would with curl.</summary>
    public async Task<JsonNode> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await _server.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>The index behind the alias.</summary>
    public async Task<string> LiveAsync() =>
        (await SendAsync(HttpMethod.Get, $"/_alias/{Alias}")).AsObject().Single().Key;

    /// <summary>How many orders a search finds.</summary>
    public async Task<long> CountAsync() => (long)(await SendAsync(HttpMethod.Get, $"/{Alias}/_count"))["count"]!;

    /// <summary>Waits until a search finds every order as the write side has it, and nothing else.</summary>
    public Task ReadEqualsWriteAsync() => Eventually.GetAsync(
        async () => string.Join('\n', await DifferencesAsync()),
        differences => differences.Length == 0,
        "read = write",
        TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Shop.DisposeAsync();
        await Proxy.DisposeAsync();
        var indices = await SendAsync(HttpMethod.Get, $"/{Alias}*/_alias");
        foreach (var (index, _) in indices.AsObject())
            await SendAsync(HttpMethod.Delete, $"/{index}");

        _server.Dispose();
    }

    private async Task<List<string>> DifferencesAsync()
    {
        var answer = await SendAsync(HttpMethod.Get, $"/{Alias}/_search?size=10000&version=true");
        if (answer["hits"]?["hits"] is not JsonArray hits)
            return [answer.ToJsonString()];

        var stored = hits.ToDictionary(hit => (string)hit!["_id"]!, hit => hit!);
        var differences = stored.Keys.Where(id => !Shop.WriteApi.States.ContainsKey(Guid.Parse(id))).ToList();
        foreach (var state in Shop.WriteApi.States.Values)
        {
            var document = JsonSerializer.SerializeToNode(
                state, ContractsJson.Default.OrderDocument);
            if (!stored.TryGetValue($"{state.Id}", out var hit)
                || (long)hit["_version"]! != state.Version
                || !JsonNode.DeepEquals(hit["_source"], document))
            {
                differences.Add($"{state.Id}: {hit?.ToJsonString() ?? "missing"}");
            }
        }

        return differences;
    }
}
