using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

/// <summary>The read API as it runs, on a database of its own.</summary>
public sealed class ReadApiApp : IAsyncDisposable
{
    private readonly WebApplicationFactory<Program> _factory;

    private ReadApiApp(WebApplicationFactory<Program> factory)
    {
        _factory = factory;
        Client = factory.CreateClient();
    }

    public HttpClient Client { get; }

    private IOrderIndex Index => _factory.Services.GetRequiredService<IOrderIndex>();

    public static async Task<ReadApiApp> StartAsync()
    {
        var server = await PostgresServer.GetAsync();
        var app = Start(await server.CreateDatabaseAsync());
        await app.Index.EnsureCreatedAsync(default);
        return app;
    }

    public static ReadApiApp Start(string connectionString) => new(new WebApplicationFactory<Program>()
        .WithWebHostBuilder(builder => builder
            .UseSetting("ConnectionStrings:elasticsearch", "")
            .UseSetting("ConnectionStrings:redis", "")
            .UseSetting("ConnectionStrings:readdb", connectionString)));

    public Task ApplyAsync(params OrderDocument[] orders) =>
        Index.ApplyAsync([.. orders.Select(SerializedOrder.From)], default);

    public Task SaveFreshnessAsync(DateTimeOffset asOf) =>
        Index.SaveFreshnessAsync(
            new(new Dictionary<int, DateTimeOffset?> { [0] = asOf }, PartitionCount: 1, asOf, Problem: null), default);

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
