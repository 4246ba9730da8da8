using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shop.Testing;

namespace Shop.Projector.Tests.Rebuilding;

/// <summary>An empty read store of a test's own.</summary>
public interface IRebuildStore : IAsyncDisposable
{
    /// <summary>What a service is configured with.</summary>
    IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Gives the live generation a schema that is not this version's.</summary>
    Task ChangeSchemaAsync();

    /// <summary>Makes the shadow refuse every write from now on.</summary>
    Task BlockShadowAsync();

    /// <summary>Changes a document's content by hand, but not its version.</summary>
    Task EditNoteAsync(Guid order);

    /// <summary>Removes the name of a product by hand, and gives a customer another one.</summary>
    Task DamageNamesAsync(Guid customer, string product);

    /// <summary>Makes the table or index of names refuse every write, or accept them again.</summary>
    Task BlockNamesAsync(bool isBlocked);
}

public sealed class PostgreSqlRebuildStore : IRebuildStore
{
    private readonly string _connectionString;

    private PostgreSqlRebuildStore(string connectionString) => _connectionString = connectionString;

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["ConnectionStrings:readdb"] = _connectionString,
        ["ConnectionStrings:elasticsearch"] = "", // One that the environment names would win.
        ["ConnectionStrings:redis"] = "",
        ["PostgreSql:GenerationsLifetime"] = "00:00:00.1",
    };

    public static async Task<IRebuildStore> CreateAsync() =>
        new PostgreSqlRebuildStore(await (await PostgresServer.GetAsync()).CreateDatabaseAsync());

    public async Task ChangeSchemaAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand("ALTER TABLE order_summaries ADD COLUMN extra text");
        await command.ExecuteNonQueryAsync();
    }

    public async Task BlockShadowAsync()
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand(
            "ALTER TABLE order_summaries_shadow ADD CHECK (version < 0) NOT VALID");
        await command.ExecuteNonQueryAsync();
    }

    public async Task EditNoteAsync(Guid order)
    {
        // With the row's hash of itself, so that only the comparison with the write database finds it.
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand($"""
            UPDATE order_documents AS old SET document = new.document::json,
                content_hash = hash_record_extended(ROW(old.id, old.version, new.document), 0)
            FROM (SELECT id, replace(document::text, 'Ring', 'Sing') AS document FROM order_documents) AS new
            WHERE old.id = new.id AND old.id = '{order}'
            """);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    public Task DamageNamesAsync(Guid customer, string product) => ExecuteAsync($"""
        DELETE FROM order_names WHERE id = '{product}';
        UPDATE order_names SET text = 'Mallory', terms = '''mallory''' WHERE id = '{customer}'
        """);

    public Task BlockNamesAsync(bool isBlocked) => ExecuteAsync(isBlocked
        ? "ALTER TABLE order_names ADD CONSTRAINT blocked CHECK (kind < 0) NOT VALID"
        : "ALTER TABLE order_names DROP CONSTRAINT blocked");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task ExecuteAsync(string sql)
    {
        await using var dataSource = NpgsqlDataSource.Create(_connectionString);
        await using var command = dataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}

public sealed class ElasticsearchRebuildStore : IRebuildStore
{
    private readonly string _alias = $"test-{Guid.CreateVersion7():N}";
    private readonly string _connectionString;
    private readonly HttpClient _client;

    private ElasticsearchRebuildStore(string connectionString)
    {
        _connectionString = connectionString;
        _client = new HttpClient { BaseAddress = new Uri(connectionString) };
    }

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["ConnectionStrings:elasticsearch"] = _connectionString,
        ["ConnectionStrings:redis"] = "",
        ["Elasticsearch:Alias"] = _alias,
        ["Elasticsearch:GenerationsLifetime"] = "00:00:00.1",
        // An index takes seconds to create on a busy machine, and writes to it wait.
        ["Elasticsearch:RequestTimeout"] = "00:00:30",
        ["Elasticsearch:ShadowTimeout"] = "00:00:30",
    };

    public static async Task<IRebuildStore> CreateAsync() =>
        new ElasticsearchRebuildStore(await ElasticsearchServer.GetConnectionStringAsync());

    public async Task ChangeSchemaAsync()
    {
        using var body = new StringContent(
            """{"properties":{"extra":{"type":"keyword"}}}""", Encoding.UTF8, "application/json");
        using var answer = await _client.PutAsync($"/{_alias}/_mapping", body);
        answer.EnsureSuccessStatusCode();
    }

    public async Task BlockShadowAsync()
    {
        using var body = new StringContent("""{"index.blocks.write":true}""", Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync($"/{_alias}-shadow/_settings", body);
        response.EnsureSuccessStatusCode();
    }

    public async Task EditNoteAsync(Guid order)
    {
        // Without a higher _version, which an ordinary edit leaves behind.
        var json = await _client.GetStringAsync($"/{_alias}/_source/{order}");
        using var body = new StringContent(json.Replace("Ring", "Sing"), Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync(
            $"/{_alias}/_doc/{order}?version=1&version_type=external_gte&refresh=true", body);
        response.EnsureSuccessStatusCode();
    }

    public async Task DamageNamesAsync(Guid customer, string product)
    {
        using var body = new StringContent(
            $$$"""
            {"delete":{"_id":"product:{{{product}}}"}}
            {"update":{"_id":"customer:{{{customer}}}"}}
            {"doc":{"text":"Mallory","terms":"mallory"}}

            """, Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync($"/{_alias}-names/_bulk?refresh=true", body);
        response.EnsureSuccessStatusCode();
    }

    public async Task BlockNamesAsync(bool isBlocked)
    {
        using var body = new StringContent(
            $$"""{"index.blocks.write":{{(isBlocked ? "true" : "false")}}}""", Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync($"/{_alias}-names/_settings", body);
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        var indices = await _client.GetFromJsonAsync<JsonElement>($"/{_alias}*/_alias");
        foreach (var index in indices.EnumerateObject())
            (await _client.DeleteAsync($"/{index.Name}")).Dispose();
        _client.Dispose();
    }
}
