using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Names;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

/// <summary>The read API as it runs, on a database of its own.</summary>
public sealed class ReadApiApp : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;

    /// <summary>Runs the service on its own server, over real HTTP.</summary>
    public static readonly (string Name, string Value) RealServer = ("Tests:RealServer", "true");

    private readonly (string Name, string Value)[] _settings;

    private ReadApiApp(WebApplicationFactory<Program> factory, (string Name, string Value)[] settings)
    {
        (_factory, _settings) = (factory, settings);
        if (settings.Any(setting => setting.Name == RealServer.Name))
        {
            factory.UseKestrel(0);
            factory.StartServer();
        }

        Client = factory.CreateClient();
    }

    public HttpClient Client { get; }

    public IIndexGenerations Generations => _factory.Services.GetRequiredService<IIndexGenerations>();

    public NpgsqlDataSource Database => _factory.Services.GetRequiredService<NpgsqlDataSource>();

    private IOrderIndex Index => _factory.Services.GetRequiredService<IOrderIndex>();

    private INameIndex Names => _factory.Services.GetRequiredService<INameIndex>();

    public static async Task<ReadApiApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await PostgresServer.GetAsync();
        var app = Start([("ConnectionStrings:readdb", await server.CreateDatabaseAsync()), .. settings]);
        await app.Index.EnsureCreatedAsync(default);
        await app.Names.EnsureCreatedAsync(default);
        return app;
    }

    public static async Task<ReadApiApp> StartOnElasticsearchAsync(params (string Name, string Value)[] settings)
    {
        var app = Start(
        [
            ("ConnectionStrings:elasticsearch", await ElasticsearchServer.GetConnectionStringAsync()),
            ("Elasticsearch:Alias", $"test-{Guid.CreateVersion7():N}"),
            ("Elasticsearch:RequestTimeout", "00:00:30"), // An index takes seconds to create on a busy machine.
            .. settings,
        ]);
        await app.Index.EnsureCreatedAsync(default);
        await app.Names.EnsureCreatedAsync(default);
        return app;
    }

    public static ReadApiApp Start(string connectionString) => Start(("ConnectionStrings:readdb", connectionString));

    public static ReadApiApp Start(params (string Name, string Value)[] settings) =>
        new(new WebApplicationFactory<Program>().WithWebHostBuilder(builder =>
        {
            foreach (var name in (string[])["elasticsearch", "redis", "readdb"])
                builder.UseSetting($"ConnectionStrings:{name}", "");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        }), settings);

    /// <summary>Starts a graceful shutdown, as SIGTERM does.</summary>
    public void Stop() => _factory.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

    /// <summary>A second process on the same store.</summary>
    /// <param name="settings">Settings that it has besides, or instead.</param>
    public ReadApiApp AnotherReplica(params (string Name, string Value)[] settings) => Start([.. _settings, .. settings]);

    public static SerializedOrder Parse(JsonElement order) =>
        SerializedOrder.Parse(Encoding.UTF8.GetBytes(order.GetRawText()));

    /// <summary>Writes orders, which become searchable a moment later.</summary>
    public Task WriteAsync(params OrderDocument[] orders) =>
        Index.ApplyAsync([.. orders.Select(SerializedOrder.From)], default);

    /// <summary>Writes orders and returns when they are searchable.</summary>
    public async Task ApplyAsync(params OrderDocument[] orders)
    {
        await WriteAsync(orders);
        await Index.WhenSearchableAsync(default);
    }

    /// <summary>Writes orders with the names of their customers and products, and returns when all are searchable.</summary>
    public async Task ApplyWithNamesAsync(params OrderDocument[] orders)
    {
        await ApplyAsync(orders);
        var names = NameEntry.Of(orders);
        await Names.ApplyAsync(names, default);
        await Names.CountAsync([.. names.Select(name => name.Key)], DateTimeOffset.UnixEpoch, default);
        // Elasticsearch refreshes the index before it lists all names.
        await foreach (var _ in Names.KeysAsync(default))
            continue;
    }

    public Task SaveFreshnessAsync(
        DateTimeOffset asOf, DateTimeOffset? savedAt = null, string? problem = null, int partition = 0,
        int partitions = 1) =>
        Index.SaveFreshnessAsync(
            new(new Dictionary<int, DateTimeOffset?> { [partition] = asOf }, partitions, savedAt ?? asOf, problem),
            default);

    public async Task<JsonElement> GetAsync(string url) => await Client.GetFromJsonAsync<JsonElement>(url);

    public static OrderDocument Order(string note, long version = 1)
    {
        var placedAt = new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
        return new()
        {
            Id = Guid.CreateVersion7(),
            Number = $"SO-{Guid.CreateVersion7():N}",
            Version = version,
            Status = OrderStatuses.Paid,
            Customer = new(Guid.CreateVersion7(), "Đức Nguyễn", "duc@example.com", "VN"),
            Lines = [new("LAMP-1", "Red & green lamp", "Lighting", 2, new(1_250, "EUR"))],
            Total = new(2_500, "EUR"),
            Paid = new(2_500, "EUR"),
            ShippingAddress = new("Đức Nguyễn", "Lange Straße 1", "10115", "Berlin", "DE"),
            Note = note,
            PlacedAt = placedAt,
            UpdatedAt = placedAt.AddHours(1),
            Timeline = [new("placed", placedAt, 1)],
        };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _factory.DisposeAsync();
    }
}
