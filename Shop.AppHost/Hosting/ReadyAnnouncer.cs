using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Hosting;

/// <summary>Tells where everything is, and when it is ready to be used.</summary>
internal sealed class ReadyAnnouncer(
    ShopOptions options,
    DataDirectory data,
    TimeProvider clock,
    IServers servers,
    DistributedApplicationModel model,
    IConfiguration configuration,
    ResourceNotificationService notifications,
    Readiness readiness) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Console.WriteLine($"""

              servers    {servers.Description}
              data       {data.Path}
              dashboard  {Login()}
              write API  http://localhost:{options.Ports.WriteApi}
              read API   http://localhost:{options.Ports.ReadApi}
              projector  http://localhost:{options.Ports.Projector}

            """);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        await Task.WhenAll(model.Resources.OfType<ProjectResource>().Select(s => BeReadyAsync(s, http, stoppingToken)));
        var took = clock.GetUtcNow() - Process.GetCurrentProcess().StartTime;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"Ready after {took.TotalSeconds:0.0} s. Ctrl-C stops it."));
        readiness.Reached();
    }

    private string Login()
    {
        var address = $"http://localhost:{options.Ports.Dashboard}";
        return configuration["AppHost:BrowserToken"] is { Length: > 0 } token ? $"{address}/login?t={token}" : address;
    }

    private async Task BeReadyAsync(ProjectResource service, HttpClient http, CancellationToken cancellationToken)
    {
        await notifications.WaitForResourceAsync(service.Name, KnownResourceStates.Running, cancellationToken);
        var address = new Uri(new Uri(service.GetEndpoint("http").Url), "/health/ready");
        while (!await AnswersAsync(address, http, cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static async Task<bool> AnswersAsync(Uri address, HttpClient http, CancellationToken cancellationToken)
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
