using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Shop.Bench.Drain;

/// <summary>Accesses the configured Elasticsearch over plain HTTP, without code of the product.</summary>
internal sealed class ElasticsearchNode(string address) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new() { BaseAddress = new(address) };

    /// <summary>User and system time so far of all nodes.</summary>
    public async Task<TimeSpan> CpuAsync()
    {
        var stats = await _http.GetFromJsonAsync<JsonObject>("/_nodes/stats/process");
        return TimeSpan.FromMilliseconds(
            stats!["nodes"]!.AsObject().Sum(node => (long)node.Value!["process"]!["cpu"]!["total_in_millis"]!));
    }

    /// <summary>Makes an empty index with the mapping and analysis of another one, refreshed once a second.</summary>
    public async Task CreateLikeAsync(string index, string alias)
    {
        var like = (await _http.GetFromJsonAsync<JsonObject>($"/{alias}"))!.Single().Value!;
        var settings = like["settings"]!["index"]!;
        using var created = await _http.PutAsJsonAsync($"/{index}", new JsonObject
        {
            ["mappings"] = like["mappings"]!.DeepClone(),
            ["settings"] = new JsonObject
            {
                ["index"] = new JsonObject
                {
                    ["number_of_shards"] = settings["number_of_shards"]!.DeepClone(),
                    ["number_of_replicas"] = settings["number_of_replicas"]!.DeepClone(),
                    ["gc_deletes"] = settings["gc_deletes"]?.DeepClone(),
                    ["refresh_interval"] = "1s",
                    ["analysis"] = settings["analysis"]!.DeepClone(),
                },
            },
        });
        await EnsureAsync(created);
    }

    public async Task BulkAsync(string index, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = Json } };
        using var response = await _http.PostAsync(
            new Uri($"/{index}/_bulk?filter_path=errors", UriKind.Relative), content);
        await EnsureAsync(response);
        if ((bool)(await response.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!)
            throw new InvalidOperationException("Elasticsearch rejected documents of a bulk request.");
    }

    /// <summary>Documents that a search finds after a refresh.</summary>
    public async Task<long> CountAsync(string index)
    {
        using var refreshed = await _http.PostAsync(new Uri($"/{index}/_refresh", UriKind.Relative), content: null);
        await EnsureAsync(refreshed);
        return (long)(await _http.GetFromJsonAsync<JsonObject>($"/{index}/_count"))!["count"]!;
    }

    /// <summary>The size in bytes on disk of the index behind an alias.</summary>
    public async Task<long> SizeAsync(string alias)
    {
        var stats = await _http.GetFromJsonAsync<JsonObject>($"/{alias}/_stats/store");
        return (long)stats!["_all"]!["primaries"]!["store"]!["size_in_bytes"]!;
    }

    /// <summary>Removes every index whose name begins so.</summary>
    public async Task RemoveAsync(string prefix)
    {
        foreach (var (index, _) in (await _http.GetFromJsonAsync<JsonObject>($"/{prefix}*/_alias"))!)
        {
            using var removed = await _http.DeleteAsync(new Uri($"/{index}", UriKind.Relative));
            await EnsureAsync(removed);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task EnsureAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"Elasticsearch: {await response.Content.ReadAsStringAsync()}");
    }
}
