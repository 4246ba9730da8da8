using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Shop.LocalServers;

/// <summary>Creates the API keys of the services: the projector may do anything with Shop's indices, others read.</summary>
public static class ElasticsearchKeys
{
    private static readonly string[] Read = ["read", "view_index_metadata"];
    private static readonly string[] Write = ["all"];

    /// <param name="administrator">The server's address with user and password.</param>
    /// <param name="name">The key's name. Earlier keys of this name become invalid.</param>
    /// <param name="alias">Shop's indices begin with it.</param>
    /// <returns>The encoded key.</returns>
    public static async Task<string> CreateAsync(
        Uri administrator, string name, bool mayWrite, string alias = "orders",
        CancellationToken cancellationToken = default)
    {
        var credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(administrator.UserInfo));
        using var client = new HttpClient { BaseAddress = WithoutUser(administrator) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        return await CreateAsync(client, name, mayWrite, alias, cancellationToken);
    }

    public static async Task<string> CreateAsync(
        HttpClient administrator, string name, bool mayWrite, string alias, CancellationToken cancellationToken)
    {
        using var invalidated = await administrator.SendAsync(
            new(HttpMethod.Delete, Keys) { Content = JsonContent.Create(new { name, owner = true }) }, cancellationToken);
        var indices = new { names = (string[])[alias + "*"], privileges = mayWrite ? Write : Read };
        using var created = await administrator.PostAsJsonAsync(
            Keys,
            new { name, role_descriptors = new { shop = new { cluster = (string[])[], indices = new[] { indices } } } },
            cancellationToken);
        created.EnsureSuccessStatusCode();
        var key = await created.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return key.GetProperty("encoded").GetString()!;
    }

    public static Uri WithoutUser(Uri address) => new UriBuilder(address) { UserName = "", Password = "" }.Uri;

    private static Uri Keys => new("/_security/api_key", UriKind.Relative);
}
