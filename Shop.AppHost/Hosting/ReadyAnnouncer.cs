using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Hosting;

/// <summary>Waits until every service is ready and prints how long that took.</summary>
internal sealed class ReadyAnnouncer(
    TimeProvider clock,
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    Readiness readiness) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Task.WhenAll(model.Resources.OfType<ProjectResource>()
            .Where(project => project.IsService())
            .Select(service => WaitUntilReadyAsync(service, http, stoppingToken)));
        var took = clock.GetUtcNow() - Process.GetCurrentProcess().StartTime;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Ready after {took.TotalSeconds:0.0} s. Ctrl-C stops it."));
        readiness.Reached();
    }

    private async Task WaitUntilReadyAsync(
    ProjectResource service, HttpClient http, CancellationToken cancellationToken)
    {
        await notifications.WaitForResourceAsync(service.Name, KnownResourceStates.Running, cancellationToken);
        var address = new Uri(new Uri(service.GetEndpoint("http").Url), "/health/ready");
        while (!await IsReadyAsync(address, http, cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<bool> IsReadyAsync(Uri address, HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (
            e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
