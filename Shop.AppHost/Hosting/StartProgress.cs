using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Hosting;

/// <summary>Prints the addresses, the steps of a start, and the resources that are not ready in time.</summary>
internal sealed class StartProgress(
    ShopOptions options,
    DataDirectory data,
    IServers servers,
    DistributedApplicationModel model,
    IConfiguration configuration,
    ResourceNotificationService notifications,
    IHostApplicationLifetime lifetime,
    Readiness readiness) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Stopwatch _waited = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, CustomResourceSnapshot> _states = [];
    private Task _watching = Task.CompletedTask;

    /// <summary>The message for a host that ends with an error.</summary>
    public string Failure => $"The host failed. The orchestrator's log is in {data[ShopHost.OrchestratorLog]}.";

    /// <summary>Prints the addresses, before anything is started, so that a start that hangs is visible.</summary>
    public void Begin()
    {
        Console.WriteLine($"""

              servers    {servers.Description}
              data       {data.Path}
              dashboard  {Login()}
              write API  http://localhost:{options.Ports.WriteApi}
              read API   http://localhost:{options.Ports.ReadApi}
              projector  http://localhost:{options.Ports.Projector}
              access     {Access()}

            Starting the orchestrator, then the servers, then the services.
            """);
        _watching = Task.WhenAll(CollectAsync(_stop.Token), ReportAsync(_stop.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task CollectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(cancellationToken))
                _states[change.Resource.Name] = change.Snapshot;
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
        }
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        var ready = readiness.WaitAsync(stop.Token);
        while (await Task.WhenAny(ready, Task.Delay(options.StartPatience, stop.Token)) != ready && !stop.IsCancellationRequested)
        {
            var seconds = _waited.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            Console.WriteLine($"Not ready after {seconds} s: {Unfinished()}");
        }
    }

    private string Unfinished()
    {
        // Until the servers are prepared, the orchestrator does not have them.
        if (string.Join(' ', servers.Preparations) is { Length: > 0 } preparations)
            return preparations;

        var log = data[ShopHost.OrchestratorLog];
        string[] waiting = [.. model.Resources.Where(IsExpected).Select(Describe).OfType<string>()];
        return lifetime.ApplicationStarted.IsCancellationRequested || model.Resources.Any(IsRunning)
            ? $"{string.Join(", ", waiting)}. The dashboard shows their logs; the orchestrator's log is in {log}."
            : $"the orchestrator does not respond yet. Its log is in {log}. A virus scanner or a proxy may block it.";
    }

    // Only the orchestrator can have started it. The application counts as started when all servers are healthy.
    private bool IsRunning(IResource resource) =>
        resource is ExecutableResource or ContainerResource
        && _states.GetValueOrDefault(resource.Name)?.State?.Text == KnownResourceStates.Running;

    private static bool IsExpected(IResource resource) =>
        resource is ProjectResource or IResourceWithConnectionString and not IResourceWithParent;

    /// <returns>The state of a resource; null if it is up.</returns>
    private string? Describe(IResource resource)
    {
        var now = _states.GetValueOrDefault(resource.Name);
        if (resource is ProjectResource project && !project.IsService() && now?.ExitCode == 0)
            return null;
        if (now?.State?.Text == KnownResourceStates.Running
            && now.HealthReports.All(report => report.Status is HealthStatus.Healthy))
            return null;

        var health = now?.HealthReports.FirstOrDefault(report => report.Description is { Length: > 0 })?.Description;
        return $"{resource.Name} is {now?.State?.Text ?? "not started"}{(health is null ? "" : $" ({health})")}";
    }

    private string Access() => (options.IsSecure, options.Authority) switch
    {
        (_, { } authority) => $"with a token of {authority}",
        (true, _) => $"with a token; sign in at http://localhost:{options.Ports.ReadApi}/ as duc, lukasz, sam or olga with the "
            + $"password {data.Secret(SignInExtensions.Password)}",
        _ => "requests from this machine act as the developer, who has all roles (--secure requires tokens)",
    };

    private string Login()
    {
        var address = $"http://localhost:{options.Ports.Dashboard}";
        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address}/login?t={token}" : address;
    }
}
