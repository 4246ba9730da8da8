using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Contracts;
using Shop.Projector.Names;
using Shop.Projector.Tests.Rebuilding;
using Shop.ReadModel;
using Shop.ReadModel.Names;
using Shop.ReadModel.Searching;
using Shop.Testing;

namespace Shop.Projector.Tests.Names;

public sealed class PostgreSqlNamesTests() : NamesTests(PostgreSqlRebuildStore.CreateAsync)
{
    [Fact]
    public async Task Names_that_cannot_be_counted_because_the_orders_are_not_as_new_say_so()
    {
        await using var store = await PostgreSqlRebuildStore.CreateAsync();
        await using var shop = await StartAsync(store);
        var client = await shop.StartProjectorAsync(
            settings: new Dictionary<string, string?>(Settings) { ["Projector:MaxLag"] = "00:00:01" });
        await ExecuteAsync("ALTER TABLE order_partitions ADD CONSTRAINT blocked CHECK (partition < 0) NOT VALID");

        await shop.PublishAsync(Order("Anna", Lamp));
        await client.ProjectionSaysAsync("orders: They have not been as new as this read model");

        await ExecuteAsync("ALTER TABLE order_partitions DROP CONSTRAINT blocked");
        await client.ProjectionSaysAsync(null);

        async Task ExecuteAsync(string sql)
        {
            await using var dataSource = NpgsqlDataSource.Create(store.Settings["ConnectionStrings:readdb"]!);
            await using var command = dataSource.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task All_replicas_are_healthy_again_whichever_of_them_writes_the_names_that_failed()
    {
        await using var store = await PostgreSqlRebuildStore.CreateAsync();
        await using var shop = await StartAsync(store);
        HttpClient[] replicas = [await shop.StartProjectorAsync(settings: Settings), await shop.StartProjectorAsync(settings: Settings)];
        await shop.PublishAsync(Order("Anna", Lamp));
        await store.BlockNamesAsync(true);
        await shop.PublishAsync(Order("Berta", Lamp));
        // One that fails leaves the consumer group, so that the other one gets the event and fails too.
        foreach (var replica in replicas)
            await replica.LagIsAsync(HttpStatusCode.OK, "names: store: ");

        await store.BlockNamesAsync(false);

        foreach (var replica in replicas)
            await replica.ProjectionSaysAsync(null);
    }
}

public sealed class ElasticsearchNamesTests() : NamesTests(ElasticsearchRebuildStore.CreateAsync);

/// <summary>A read model beside the orders, made of the same topic.</summary>
public abstract class NamesTests(Func<Task<IRebuildStore>> createStore)
{
    private static readonly Guid Anna = Guid.CreateVersion7();
    protected static readonly OrderLine Lamp = new("LAMP", "Green lamp", "Lighting", 1, new(1, "EUR"));
    private static readonly OrderLine Desk = new("DESK", "Standing desk", "Furniture", 1, new(1, "EUR"));

    [SkippableFact]
    public async Task Events_become_names_with_the_numbers_of_their_orders_until_the_customer_is_erased()
    {
        await using var store = await createStore();
        await using var shop = await StartAsync(store);
        var client = await shop.StartProjectorAsync(settings: Settings);
        var (first, second) = (Order("Anna", Lamp), Order("Anna", Lamp, Desk));
        await shop.PublishAsync(first);
        await shop.PublishAsync(second);
        await IsAsync(shop, NameKind.Customer, "anna", ("Anna", 2));
        await IsAsync(shop, NameKind.Product, "lamp", ("Green lamp", 2));

        var changed = Changed(first, "Berta", Desk) with
        {
            Timeline = [.. first.Timeline, new("lines-changed", first.PlacedAt, 2)],
        };
        await shop.PublishAsync(changed);
        await shop.PublishAsync(SampleOrder.Message($"{first.Id}", 3, "poison"u8.ToArray()));

        await IsAsync(shop, NameKind.Customer, "berta", ("Berta", 2));
        await IsAsync(shop, NameKind.Product, "lamp", ("Green lamp", 1));
        await IsAsync(shop, NameKind.Product, "desk", ("Standing desk", 2));
        await IsAsync(shop, NameKind.Customer, "anna");

        OrderDocument[] erased = [Changed(changed, "Erased", Desk), Changed(second, "Erased", Lamp, Desk)];
        shop.WriteApi.Erased[Anna] = [.. erased.Select(order => new OrderVersion(order.Id, order.Version))];
        foreach (var order in erased)
            shop.WriteApi.Add(order);
        var before = await client.ReadAsync($"/erasures/{Anna}");
        Assert.Equal((1, false), (before.GetProperty("projections").GetInt32(), before.GetProperty("isErased").GetBoolean()));
        await Task.WhenAll(erased.Select(order => shop.PublishAsync(SampleOrder.ErasedEvent(order))));
        await Eventually.GetAsync(
            () => client.ReadAsync($"/erasures/{Anna}"),
            erasure => erasure.GetProperty("isErased").GetBoolean(),
            "the read side has no personal data of the customer");
        await IsAsync(shop, NameKind.Customer, "berta");
    }

    [SkippableFact]
    public async Task Orders_flow_while_the_names_cannot_be_written_and_names_heal_and_are_repaired()
    {
        await using var store = await createStore();
        await using var shop = await StartAsync(store);
        var client = await shop.StartProjectorAsync(settings: Settings);
        await shop.PublishAsync(Order("Anna", Lamp));
        await IsAsync(shop, NameKind.Customer, "anna", ("Anna", 1));
        await RepairedAsync(client);

        await store.BlockNamesAsync(true);
        var order = Order("Anna Berta", Lamp, Desk);
        await shop.PublishAsync(order);
        await client.LagIsAsync(HttpStatusCode.OK, "names: store: ");
        var search = shop.Services.GetRequiredService<IOrderSearch>();
        await Eventually.HoldsAsync(
            async () => await search.GetAsync(order.Id, CallerScope.Everything, 0, default) is not null,
            "the order is stored");
        // Also between two attempts to write.
        for (var i = 0; i < 100; i++)
        {
            var status = await client.ReadAsync("/status");
            Assert.StartsWith("store: ", status.GetProperty("projections")[0].GetProperty("problem").GetString());
            Assert.Null(status.GetProperty("problem").GetString());
        }

        await store.BlockNamesAsync(false);
        await IsAsync(shop, NameKind.Customer, "berta", ("Anna Berta", 2));
        await client.ProjectionSaysAsync(null);

        await store.DamageNamesAsync(Anna, Lamp.Sku);
        await IsAsync(shop, NameKind.Product, "lamp");
        await client.PostAsync("/reconcile", HttpStatusCode.Accepted);
        await IsAsync(shop, NameKind.Product, "lamp", ("Green lamp", 2));
        await IsAsync(shop, NameKind.Customer, "mallory", ("Mallory", 2));
        await client.PostAsync("/projections/names/rebuild", HttpStatusCode.Accepted);
        await IsAsync(shop, NameKind.Customer, "mallory");
        await IsAsync(shop, NameKind.Customer, "berta", ("Anna Berta", 2));
        var unknown = await client.PostAsync("/projections/others/rebuild", HttpStatusCode.NotFound);
        Assert.Equal("projection.not-found", unknown.Code());
    }

    protected static Dictionary<string, string?> Settings => new()
    {
        ["Projections:GatherTime"] = "00:00:00.100",
        ["Projections:SettleInterval"] = "00:00:00.200",
    };

    private protected static async Task<ProjectorFixture> StartAsync(IRebuildStore store)
    {
        var shop = await ProjectorFixture.CreateAsync(addStore: builder =>
        {
            builder.Configuration.AddInMemoryCollection(store.Settings);
            builder.AddReadModel();
            builder.AddNames();
        });
        shop.StartHeartbeats();
        return shop;
    }

    /// <summary>Waits until these names are found, with these numbers of orders.</summary>
    private static Task<string> IsAsync(
        ProjectorFixture shop, NameKind kind, string typed, params (string Text, long Orders)[] expected)
    {
        var names = shop.Services.GetRequiredService<INameSearch>();
        var query = new NameQuery(kind, SearchTextParser.Parse(typed, out _), 10);
        return Eventually.GetAsync(
            async () => string.Join(", ", (await FindAsync()).Select(name => (name.Text, name.Orders))),
            found => found == string.Join(", ", expected),
            $"'{typed}' finds {string.Join(", ", expected)}");

        async Task<IReadOnlyList<FoundName>> FindAsync()
        {
            try
            {
                return await names.FindAsync(query, default);
            }
            catch (ReadStoreUnavailableException)
            {
                return []; // The names are not there yet.
            }
        }
    }

    /// <summary>Waits until the first rebuild and reconciliation of the names are done.</summary>
    private static Task<JsonElement> RepairedAsync(HttpClient client) => Eventually.GetAsync(
        () => client.ReadAsync("/projections"),
        projections => projections[0].GetProperty("last").ValueKind == JsonValueKind.Object
            && !projections[0].GetProperty("isRepairing").GetBoolean(),
        "the names are repaired");

    protected static OrderDocument Order(string customer, params OrderLine[] lines) =>
        Changed(SampleOrder.State(Guid.CreateVersion7(), 0), customer, lines);

    private static OrderDocument Changed(OrderDocument order, string customer, params OrderLine[] lines) => order with
    {
        Version = order.Version + 1,
        UpdatedAt = TimeProvider.System.GetUtcNow(),
        Customer = new(Anna, customer, $"{customer.Replace(' ', '.').ToLowerInvariant()}@example.com", "DE"),
        Lines = lines,
    };
}
