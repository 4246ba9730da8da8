using System.Diagnostics;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>The AppHost itself, with real processes for everything in it.</summary>
public sealed class ShopApplication : IAsyncDisposable
{
    private static readonly string[] Services = ["write-api", "read-api", "projector"];

    private readonly ShopFolder _folder;
    private readonly DistributedApplication _application;

    private ShopApplication(ShopFolder folder, DistributedApplication application)
    {
        _folder = folder;
        _application = application;
        Client = new ShopClient(folder.PortBase);
    }

    internal ShopClient Client { get; }

    internal int PortBase => _folder.PortBase;

    internal string Data => _folder.Path;

    internal ResourceNotificationService Resources => _application.ResourceNotifications;

    internal ResourceCommandService Commands => _application.Services.GetRequiredService<ResourceCommandService>();

    internal static async Task<ShopApplication> StartAsync(params string[] arguments)
    {
        var folder = new ShopFolder();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>(
            [.. folder.Arguments, .. arguments]);
        builder.Services.AddLogging(logging => logging
            .SetMinimumLevel(LogLevel.Warning)
            // Every check of a service that is still starting is an error to it.
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None));
        var topic = $"shop.orders.{Guid.CreateVersion7():N}";
        foreach (var service in builder.Resources.OfType<ProjectResource>())
            UseTopic(builder.CreateResourceBuilder(service), topic);
        var shop = new ShopApplication(folder, await builder.BuildAsync());
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await shop._application.StartAsync(limit.Token);
        foreach (var service in Services)
            await shop.Resources.WaitForResourceHealthyAsync(service, limit.Token);
        return shop;
    }

    // A given Kafka may have the events of another shop.
    private static void UseTopic(IResourceBuilder<ProjectResource> service, string topic) => service
        .WithEnvironment("Relay__Topic", topic)
        .WithEnvironment("Projector__Topic", topic)
        .WithEnvironment("Projector__DeadLetterTopic", $"{topic}.dead-letters")
        .WithEnvironment("Projector__GroupId", topic);

    internal ValueTask<string?> ConnectionStringAsync(string resource) =>
        _application.GetConnectionStringAsync(resource);

    /// <summary>What the orchestrator says of a resource now.</summary>
    internal async Task<ResourceState> LookAsync(string resource)
    {
        var now = await Resources.WaitForResourceAsync(resource, _ => true);
        var process = now.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
        return new(now.ResourceId, process is null ? null : Convert.ToInt32(process, null), now.Snapshot.State?.Text);
    }

    internal async Task<int> KillAsync(string resource)
    {
        var process = (await LookAsync(resource)).Process!.Value;
        Process.GetProcessById(process).Kill();
        return process;
    }

    /// <summary>Waits until another process has taken the place of that one.</summary>
    internal Task RunsAgainAsync(string resource, int afterProcess) => Eventually.GetAsync(
        () => LookAsync(resource),
        now => now is { State: "Running", Process: { } process } && process != afterProcess,
        $"{resource} runs again",
        TimeSpan.FromSeconds(60));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        _folder.Dispose();
    }
}

internal sealed record ResourceState(string Id, int? Process, string? State);

/// <summary>
/// One application for all the tests that leave it as they found it: PostgreSQL as the read store, and the Kafka that the
/// caller of the tests offers, if any.
/// </summary>
public sealed class ShopFixture : IAsyncLifetime
{
    public ShopApplication Shop { get; private set; } = null!;

    /// <summary>Settings of an operator who has a Redis and a taste of their own.</summary>
    internal static readonly (string Name, string Value)[] Settings =
    [
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "501"), ("OTEL_BSP_SCHEDULE_DELAY", "1001"),
        ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "1"),
    ];

    internal string Redis { get; private set; } = "";

    public async Task InitializeAsync()
    {
        Redis = $"{await RedisServer.GetConnectionStringAsync()},name=operator";
        Shop = await ShopApplication.StartAsync([
            .. Settings.Select(setting => $"--{setting.Name}={setting.Value}"), $"--ConnectionStrings:redis={Redis}",
            .. GivenKafka()]);
    }

    internal static string[] GivenKafka() =>
        GivenServers.Kafka is { } given ? [$"--ConnectionStrings:kafka={given}"] : [];

    public async Task DisposeAsync() => await Shop.DisposeAsync();
}

[CollectionDefinition(nameof(RunningShop))]
public sealed class RunningShop : ICollectionFixture<ShopFixture>, ICollectionFixture<Page.PageBrowser>;
