extern alias ReadService;
extern alias WriteService;

using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Names;
using Shop.Testing;

namespace Shop.Security.Tests;

/// <summary>Three customers with four orders each, on both sides and in every store, and tokens for everybody.</summary>
public sealed class SecuredShop : IAsyncLifetime
{
    public const int OrdersEach = 4;

    private readonly List<IAsyncDisposable> _open = [];
    private readonly Dictionary<Store, Task<ReadSide>> _readSides = [];
    private TestAuthority _authority = null!;

    internal HttpClient Write { get; private set; } = null!;

    internal IReadOnlyList<Owner> Owners { get; private set; } = null!;

    internal string Support => Token("support");

    public async Task InitializeAsync()
    {
        _authority = await TestAuthority.StartAsync();
        _open.Add(_authority);
        var server = await PostgresServer.GetAsync();
        Write = Start<WriteService::Program>(("ConnectionStrings:orders", await server.CreateDatabaseAsync())).CreateClient();
        await Eventually.HoldsAsync(
            async () => (await Write.GetAsync("/health/ready")).IsSuccessStatusCode, "the write API is ready");
        // No sum of one customer's totals, and no price, is the total of another's order.
        Owners = [await RegisterAsync("Anna", 2), await RegisterAsync("Bert", 15), await RegisterAsync("Clara", 67)];
    }

    public async Task DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open))
            await open.DisposeAsync();
    }

    internal string Token(string role, Guid? customer = null) => _authority.Token(role, customer);

    /// <summary>The read API on this store, which has the orders of all customers.</summary>
    internal Task<ReadSide> ReadAsync(Store store)
    {
        if (!_readSides.TryGetValue(store, out var started))
            _readSides[store] = started = StartReadSideAsync(store);
        return started;
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

    internal static object Order(Owner owner, int quantity = 1) => new
    {
        customerId = owner.Id,
        lines = new[] { new { sku = "KM-1007", quantity } },
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

    private WebApplicationFactory<TProgram> Start<TProgram>(params (string Name, string Value)[] settings)
        where TProgram : class
    {
        var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting("Authentication:Authority", _authority.Address);
            foreach (var other in (string[])["readdb", "elasticsearch", "redis"])
                builder.UseSetting($"ConnectionStrings:{other}", "");
            builder.UseSetting("Relay:Enabled", "false");
            builder.UseSetting("Logging:LogLevel:Default", "None");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        });
        _open.Add(factory);
        return factory;
    }

    private async Task<ReadSide> StartReadSideAsync(Store store)
    {
        (string, string)[] settings = store is Store.Elasticsearch
            ?
            [
                ("ConnectionStrings:elasticsearch", await ElasticsearchServer.GetConnectionStringAsync()),
                ("Elasticsearch:Alias", $"test-{Guid.CreateVersion7():N}"),
                ("Elasticsearch:RequestTimeout", "00:00:30"), // An index takes seconds to create on a busy machine.
            ]
            :
            [
                ("ConnectionStrings:readdb", await (await PostgresServer.GetAsync()).CreateDatabaseAsync()),
                ("ConnectionStrings:redis", await RedisServer.GetConnectionStringAsync()),
            ];
        var api = Start<ReadService::Program>([.. settings, ("Live:PollInterval", "00:00:00.020"), ("Export:MaxConcurrent", "100")]);
        var (index, names) = (
            api.Services.GetRequiredService<IOrderIndex>(), api.Services.GetRequiredService<INameIndex>());
        await index.EnsureCreatedAsync(default);
        await names.EnsureCreatedAsync(default);
        var read = new ReadSide(api.CreateClient(), index);
        // Before the orders, so that a stream that resumes here has all of them.
        read.Beginning = await LiveReader.ReadBeginningAsync(read.Http, Support);
        var (_, lines) = await SendAsync(
            Write, Token("service"), HttpMethod.Get, "/internal/orders/states");
        SerializedOrder[] orders =
        [
            .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => SerializedOrder.Parse(Encoding.UTF8.GetBytes(line))),
        ];
        await read.ApplyAsync(orders);
        var found = NameEntry.Of(orders.Select(order => order.Document));
        await names.ApplyAsync(found, default);
        await names.CountAsync([.. found.Select(name => name.Key)], DateTimeOffset.UnixEpoch, default);
        return read;
    }

    /// <param name="quantity">That of the first order; each further one has one more.</param>
    internal async Task<Owner> RegisterAsync(string name, int quantity)
    {
        // One word, short enough for the correction of typing mistakes: digits would be a word of their own.
        var letters = Guid.CreateVersion7().ToString("N")[^12..].Select(c => (char)('a' + Convert.ToInt32($"{c}", 16)));
        var unique = $"{name}{string.Concat(letters)}";
        var (_, text) = await SendAsync(
            Write, Support, HttpMethod.Post, "/customers",
            new { name = unique, email = $"{unique}@example.com", country = "DE" });
        var id = JsonElement.Parse(text).GetProperty("id").GetGuid();
        var owner = new Owner(id, unique, Token("customer", id), []);
        for (var i = 0; i < OrdersEach; i++)
        {
            (_, text) = await SendAsync(
                Write, owner.Token, HttpMethod.Post, "/orders", Order(owner, quantity + i), owner.KeyOf(i));
            var placed = JsonElement.Parse(text);
            owner.Orders.Add(new(
                placed.GetProperty("id").GetGuid(), placed.GetProperty("number").GetString()!,
                placed.GetProperty("total").GetProperty("amount").GetInt64()));
        }

        return owner;
    }
}

[CollectionDefinition(nameof(SecuredShop))]
public sealed class SecuredShopGroup : ICollectionFixture<SecuredShop>;

/// <summary>What documents are read from.</summary>
public enum Store
{
    PostgreSqlWithRedis,
    Elasticsearch,
}

/// <summary>The read API on one store.</summary>
internal sealed class ReadSide(HttpClient http, IOrderIndex index)
{
    public HttpClient Http => http;

    /// <summary>The id of an event of <c>/orders/live</c> from before the first order.</summary>
    public string Beginning { get; set; } = "";

    public async Task ApplyAsync(IReadOnlyList<SerializedOrder> orders)
    {
        await index.ApplyAsync(orders, default);
        await index.WhenSearchableAsync(default);
    }
}

internal sealed record Owner(Guid Id, string Name, string Token, List<OwnedOrder> Orders)
{
    /// <summary>What nobody else may see.</summary>
    public IEnumerable<string> Secrets =>
    [
        $"{Id}", $"{Id:N}", Name,
        .. Orders.SelectMany(order => (string[])[$"{order.Id}", $"{order.Id:N}", order.Number]),
    ];

    /// <summary>The idempotency key under which an order was placed.</summary>
    public string KeyOf(int order) => $"{Name}-{order.ToString(CultureInfo.InvariantCulture)}";
}

internal sealed record OwnedOrder(Guid Id, string Number, long Total);
