extern alias WriteService;

using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Npgsql;
using Shop.Contracts;
using Shop.LocalServers.Machines;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>The unmodified write API with its relay, at an address that stays when its database is exchanged.</summary>
internal sealed class RealWriteApi(ProjectorFixture shop) : IAsyncDisposable
{
    private readonly int _port = FreePort.Next();
    private Application? _application;
    private HttpClient? _client;
    private string? _database;

    /// <summary>Further configuration.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    public HttpClient Client => _client!;

    public string Address => $"http://127.0.0.1:{_port}";

    /// <summary>Starts on a database; on a new one if there is none.</summary>
    public async Task StartAsync(string? database = null)
    {
        await StopAsync();
        _database = database ?? await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        _application = new(_database, shop, Settings);
        _application.UseKestrel(_port);
        _application.StartServer();
        _client = new() { BaseAddress = new(Address) };
        await Eventually.HoldsAsync(
            async () => (await _client.GetAsync("/health/ready")).IsSuccessStatusCode, "the write API is ready");
    }

    /// <summary>Copies the database and continues on the original.</summary>
    /// <returns>The copy.</returns>
    public async Task<string> BackUpAsync()
    {
        await StopAsync();
        var original = new NpgsqlConnectionStringBuilder(_database);
        var copy = new NpgsqlConnectionStringBuilder(_database) { Database = $"{original.Database}_backup" };
        await using (var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(_database) { Database = "postgres", Pooling = false }))
        await using (var command = server.CreateCommand(
            $"CREATE DATABASE {copy.Database} TEMPLATE {original.Database}"))
        {
            await command.ExecuteNonQueryAsync();
        }

        await StartAsync(_database);
        return copy.ConnectionString;
    }

    public async Task<Guid> PlaceOrderAsync()
    {
        var customer = await PostAsync("/customers", new { name = "Ada", email = "ada@example.com", country = "GB" });
        var order = await PostAsync("/orders", new
        {
            customerId = customer.GetProperty("id").GetGuid(),
            lines = new[] { new { sku = "KM-1007", quantity = 2 } },
            shippingAddress = new
            {
                recipient = "Zoë Ångström",
                street = "Straße 1",
                postalCode = "10115",
                city = "Berlin",
                country = "DE",
            },
            note = "Ring \"twice\" & <wait>",
        });
        return order.GetProperty("id").GetGuid();
    }

    public Task PayAsync(Guid order) => PostAsync($"/orders/{order}/pay", new { method = "card", reference = "pay-1" });

    public async Task<Guid> GetDatabaseIdAsync()
    {
        using var response = await _client!.GetAsync("/internal/orders/versions");
        return Guid.Parse(response.Headers.GetValues(FeedHeaders.DatabaseId).Single());
    }

    /// <summary>Every order and its version, in id order.</summary>
    public async Task<List<OrderVersion>> VersionsAsync() =>
        [.. (await _client!.GetStringAsync("/internal/orders/versions"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize(line, ContractsJson.Default.OrderVersion))];

    public async ValueTask DisposeAsync() => await StopAsync();

    public async Task StopAsync()
    {
        _client?.Dispose();
        if (_application is not null)
            await _application.DisposeAsync();
        _application = null;
    }

    private async Task<JsonElement> PostAsync(string path, object body)
    {
        using var response = await _client!.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    private sealed class Application(
        string database, ProjectorFixture shop, IReadOnlyDictionary<string, string?> settings)
        : WebApplicationFactory<WriteService::Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting("ConnectionStrings:orders", database);
            builder.UseSetting("ConnectionStrings:kafka", shop.Kafka.BootstrapServers);
            builder.UseSetting("Relay:Topic", shop.Topic);
            builder.UseSetting("Relay:HeartbeatInterval", "00:00:00.200");
            builder.UseSetting("Relay:MaxLag", "00:00:03");
            builder.UseSetting("Logging:LogLevel:Default", "Error");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        }
    }
}
