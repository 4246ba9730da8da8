using Shop.LocalServers;

namespace Shop.AppHost.Hosting;

/// <summary>Elasticsearch, and an API key of each service if the host starts it.</summary>
/// <param name="administrator">Returns the address with user and password; null for a server of the operator.</param>
internal sealed class ShopElasticsearch(
    IResourceBuilder<IResourceWithConnectionString> resource,
    Func<CancellationToken, ValueTask<string?>>? administrator = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<string>> _keys = [];

    public IResourceBuilder<IResourceWithConnectionString> Resource => resource;

    public bool HasKeys => administrator is not null;

    /// <summary>Sets the server's address and the service's own key. Replicas and restarts have the same key.</summary>
    public async Task SetVariablesAsync(EnvironmentCallbackContext context, string service, bool mayWrite)
    {
        var address = new Uri((await administrator!(context.CancellationToken))!);
        context.EnvironmentVariables[$"ConnectionStrings__{resource.Resource.Name}"] =
            ElasticsearchKeys.WithoutUser(address).ToString();
        context.EnvironmentVariables["Elasticsearch__ApiKey"] = await KeyOfAsync(service, mayWrite, address);
    }

    private Task<string> KeyOfAsync(string service, bool mayWrite, Uri address)
    {
        lock (_lock)
        {
            if (!_keys.TryGetValue(service, out var key) || key.IsFaulted)
                _keys[service] = key = ElasticsearchKeys.CreateAsync(address, service, mayWrite);
            return key;
        }
    }
}
