extern alias ReadService;

using System.Net;
using Confluent.Kafka.Admin;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Configuration;
using Shop.Projector.Names;
using Shop.ReadModel;
using Shop.Testing;

namespace Shop.Projector.Tests;

/// <summary>The real write API, projector and read API, on a PostgreSQL read store, when one link between them breaks.</summary>
public sealed class BrokenLinkTests
{
    private const string MaxLag = "00:00:03";
    private const string Relay = "relay";
    private const string Projector = "projector";

    // The promise: the limit and 10 s.
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(3 + 10);
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(60);

    // The broker asks for passwords over TLS and has the access control lists of docs/security.md.
    [SkippableFact]
    public async Task A_broker_that_is_killed_or_suspended_is_named_by_every_service()
    {
        var home = LocalKafka.FindHome();
        Skip.If(home is null, "No Kafka of the test's own: set KAFKA_HOME to the folder of an unpacked Apache Kafka 4.");
        var users = new KafkaUsers(Relay, Projector);
        await using var kafka = await LocalKafka.CreateAsync(home!, users);
        await using var shop = await Services.StartAsync(KafkaServer.Of(kafka), users: users);
        await shop.AnOrderIsFoundAsync();

        await kafka.KillAsync();
        await Task.WhenAll(
            NameAsync("broker: ", shop.WriteApi, shop.Projector, shop.ReadApi), NamesSayAsync("broker: ", shop));
        await kafka.StartAsync();
        await AreHealthyAsync(shop.WriteApi, shop.Projector, shop.ReadApi);
        await NamesSayAsync(null, shop);

        await kafka.SuspendAsync();
        try
        {
            await Task.WhenAll(
                NameAsync("broker: ", shop.WriteApi, shop.Projector, shop.ReadApi), NamesSayAsync("broker: ", shop));
        }
        finally
        {
            await kafka.ResumeAsync();
        }

        await AreHealthyAsync(shop.WriteApi, shop.Projector, shop.ReadApi);
        await NamesSayAsync(null, shop);
    }

    [SkippableFact]
    public async Task A_relay_that_stops_is_named_by_projector_and_read_api_and_a_projector_by_the_read_api()
    {
        await using var shop = await Services.StartAsync(await KafkaServer.GetAsync());

        await shop.StopRelayAsync();
        await Task.WhenAll(NameAsync("relay: ", shop.Projector, shop.ReadApi), NamesSayAsync("relay: ", shop));

        await shop.StopProjectorAsync();
        await NameAsync("projector: ", shop.ReadApi);
    }

    [SkippableFact]
    public async Task A_read_store_that_is_killed_is_named_by_projector_and_read_api()
    {
        await using var postgres = await LocalPostgres.CreateAsync();
        await using var shop = await Services.StartAsync(await KafkaServer.GetAsync(), postgres.ConnectionString);

        await postgres.KillAsync();
        await Task.WhenAll(NameAsync("store: ", shop.Projector, shop.ReadApi), NamesSayAsync("store: ", shop));

        await postgres.StartAsync();
        await AreHealthyAsync(shop.Projector, shop.ReadApi);
        await NamesSayAsync(null, shop);
    }

    private static async Task NameAsync(string link, params HttpClient[] services) => await Task.WhenAll(services.Select(
        service => service.LagIsAsync(HttpStatusCode.ServiceUnavailable, $"\"detail\":\"{link}", Within)));

    private static async Task AreHealthyAsync(params HttpClient[] services) => await Task.WhenAll(
        services.Select(service => service.LagIsAsync(HttpStatusCode.OK, "", Healed)));

    /// <summary>The names, a projection beside the orders, say the same, or nothing if it is null.</summary>
    private static async Task NamesSayAsync(string? link, Services shop)
    {
        await shop.Projector.ProjectionSaysAsync(link, link is null ? Healed : Within);
        if (link is not null)
            await shop.Projector.LagIsAsync(HttpStatusCode.ServiceUnavailable, $"\"names: {link}", Within);
    }

    private static async Task AllowAsync(KafkaServer kafka, ProjectorFixture fixture)
    {
        var (literal, prefixed) = (ResourcePatternType.Literal, ResourcePatternType.Prefixed);
        await kafka.AllowAsync(
            Relay, ResourceType.Topic, fixture.Topic, literal, AclOperation.Describe, AclOperation.Write);
        await kafka.AllowAsync(
            Projector, ResourceType.Topic, fixture.Topic, literal, AclOperation.Describe, AclOperation.Read);
        await kafka.AllowAsync(
            Projector, ResourceType.Topic, fixture.DeadLetters, literal, AclOperation.Describe, AclOperation.Read,
            AclOperation.Write, AclOperation.Create);
        await kafka.AllowAsync(
            Projector, ResourceType.Group, "shop-projector", prefixed, AclOperation.Describe, AclOperation.Read);
    }

    private sealed class Services(ProjectorFixture fixture, ReadApplication reading, KafkaUsers? users) : IAsyncDisposable
    {
        private readonly RealWriteApi _writeApi = new(fixture)
        {
            Settings = users?.Configuration("Kafka:Producer", Relay) ?? [],
        };

        public HttpClient WriteApi => _writeApi.Client;

        public HttpClient Projector { get; private set; } = null!;

        public HttpClient ReadApi { get; } = reading.CreateClient();

        /// <param name="users">Those of a broker that asks for passwords.</param>
        public static async Task<Services> StartAsync(KafkaServer kafka, string? store = null, KafkaUsers? users = null)
        {
            store ??= await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
            Dictionary<string, string?> settings = new()
            {
                ["ConnectionStrings:readdb"] = store,
                ["ConnectionStrings:elasticsearch"] = "", // One that the environment names would win.
                ["ConnectionStrings:redis"] = "",
                ["Cursors:Key"] = "a key of at least thirty-two bytes",
                ["Freshness:MaxLag"] = MaxLag,
                ["Projector:MaxLag"] = MaxLag,
            };
            var fixture = await ProjectorFixture.CreateAsync(kafka, projector =>
            {
                projector.Configuration.AddInMemoryCollection(settings);
                projector.AddReadModel();
                projector.AddNames();
            });
            if (users is not null)
                await AllowAsync(kafka, fixture);
            var services = new Services(fixture, new ReadApplication(settings), users);
            await services._writeApi.StartAsync();
            Dictionary<string, string?> projecting = new()
            {
                ["services:write-api:http:0"] = services._writeApi.Address,
                ["Projector:GroupId"] = $"shop-projector-{fixture.Topic}",
            };
            foreach (var section in (string[])["Kafka:Consumer", "Kafka:Producer"])
            {
                foreach (var (name, value) in users?.Configuration(section, BrokenLinkTests.Projector) ?? [])
                    projecting[name] = value;
            }

            services.Projector = await fixture.StartProjectorAsync(settings: projecting);
            await AreHealthyAsync(services.WriteApi, services.Projector, services.ReadApi);
            return services;
        }

        public async Task AnOrderIsFoundAsync()
        {
            var order = await _writeApi.PlaceOrderAsync();
            using var found = await ReadApi.GetAsync($"/orders/{order}?waitFor={order}:1&waitTimeoutMs=10000");
            Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        }

        public Task StopRelayAsync() => _writeApi.StopAsync();

        public Task StopProjectorAsync() => fixture.StopAsync(0);

        public async ValueTask DisposeAsync()
        {
            await reading.DisposeAsync();
            await fixture.DisposeAsync();
            await _writeApi.DisposeAsync();
        }
    }

    private sealed class ReadApplication(IReadOnlyDictionary<string, string?> settings)
        : WebApplicationFactory<ReadService::Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
            builder.UseSetting("Logging:LogLevel:Default", "Error");
        }
    }
}
