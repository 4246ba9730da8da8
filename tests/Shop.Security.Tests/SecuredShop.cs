extern alias ReadService;
extern alias WriteService;

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Security.Tests;

/// <summary>Three customers with four orders each, on both sides, and tokens for everybody.</summary>
public sealed class SecuredShop : IAsyncLifetime
{
    public const int OrdersEach = 4;

    private readonly List<IAsyncDisposable> _open = [];
    private TestAuthority _authority = null!;
    private WebApplicationFactory<ReadService::Program> _readApi = null!;

    internal HttpClient Write { get; private set; } = null!;

    internal HttpClient Read { get; private set; } = null!;

    internal IReadOnlyList<Owner> Owners { get; private set; } = null!;

    internal string Support => _authority.Token("support");

    public async Task InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        _open.Add(_authority);
        var server = await PostgresServer.GetAsync();
        Write = Start<WriteService::Program>("orders", await server.CreateDatabaseAsync()).CreateClient();
        _readApi = Start<ReadService::Program>("readdb", await server.CreateDatabaseAsync());
        Read = _readApi.CreateClient();
        await Eventually.HoldsAsync(
            async () => (await Write.GetAsync("/health/ready")).IsSuccessStatusCode, "the write API is ready");
        Owners = [await RegisterAsync("Anna"), await RegisterAsync("Bert"), await RegisterAsync("Clara")];
        await ProjectAsync();
    }

    public async Task DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
            await open.DisposeAsync();
    }

    internal static async Task<(HttpResponseMessage Response, string Text)> SendAsync(
        HttpClient http, string token, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        var response = await http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    internal static object Order(Owner owner) => new
    {
        customerId = owner.Id,
        lines = new[] { new { sku = "KM-1007", quantity = 1 } },
        shippingAddress = new
        {
            recipient = owner.Name,
            street = "Lange Straße 7",
            postalCode = "10115",
            city = "Berlin",
            country = "DE",
        },
        note = $"A secret of {owner.Name}",
    };

    private WebApplicationFactory<TProgram> Start<TProgram>(string connection, string database)
        where TProgram : class
    {
        var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting("Authentication:Authority", _authority.Address);
            foreach (var other in (string[])["readdb", "elasticsearch", "redis"])
                builder.UseSetting($"ConnectionStrings:{other}", "");
            builder.UseSetting($"ConnectionStrings:{connection}", database);
            builder.UseSetting("Relay:Enabled", "false");
            builder.UseSetting("Logging:LogLevel:Default", "None");
        });
        _open.Add(factory);
        return factory;
    }

    private async Task<Owner> RegisterAsync(string name)
    {
        var unique = $"{name}{Guid.CreateVersion7():N}";
        var (_, text) = await SendAsync(
            Write, Support, HttpMethod.Post, "/customers",
            new { name = unique, email = $"{unique}@example.com", country = "DE" });
        var id = JsonElement.Parse(text).GetProperty("id").GetGuid();
        var owner = new Owner(id, unique, _authority.Token("customer", id), []);
        for (var i = 0; i < OrdersEach; i++)
        {
            (_, text) = await SendAsync(Write, owner.Token, HttpMethod.Post, "/orders", Order(owner));
            var placed = JsonElement.Parse(text);
            owner.Orders.Add(new(placed.GetProperty("id").GetGuid(), placed.GetProperty("number").GetString()!));
        }

        return owner;
    }

    private async Task ProjectAsync()
    {
        var index = _readApi.Services.GetRequiredService<IOrderIndex>();
        await index.EnsureCreatedAsync(default);
        var (_, lines) = await SendAsync(
            Write, _authority.Token("service"), HttpMethod.Get, "/internal/orders/states");
        await index.ApplyAsync(
            [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => SerializedOrder.Parse(Encoding.UTF8.GetBytes(line)))],
            default);
    }
}

internal sealed record Owner(Guid Id, string Name, string Token, List<OwnedOrder> Orders)
{
    /// <summary>What nobody else may see.</summary>
    public IEnumerable<string> Secrets =>
        [$"{Id}", Name, .. Orders.Select(order => $"{order.Id}"), .. Orders.Select(order => order.Number)];
}

internal sealed record OwnedOrder(Guid Id, string Number);
