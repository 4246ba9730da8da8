using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.AppHost.SampleData;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Hosting;

internal static class ShopHost
{
    private static readonly TimeSpan KilledProcessesLimit = TimeSpan.FromSeconds(15);

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Action<ShopBuilder> draw)
    {
        try
        {
            await using var app = await BuildAsync(HostArguments.Normalize(args), draw);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (e is HostException or LocalServerException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static async Task<DistributedApplication> BuildAsync(string[] args, Action<ShopBuilder> draw)
    {
        var builder = DistributedApplication.CreateBuilder([.. OrchestrationArguments(args), .. args]);
        var options = ShopOptions.Read(builder.Configuration);
        var data = new DataDirectory(options.Data);
        var servers = ServersChoice.Make(builder, options, data);
        if (builder.ExecutionContext.IsRunMode)
        {
            await PrepareRunAsync(builder, options, data, servers);
        }

        await servers.PrepareAsync();
        draw(new ShopBuilder(builder, options, servers));
        return builder.Build();
    }

    private static async Task PrepareRunAsync(
        IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, IServers servers)
    {
        var lastWasKilled = data.Take();
        await options.Ports.MustBeFreeAsync(lastWasKilled ? KilledProcessesLimit : TimeSpan.Zero);
        if (options.Reset)
        {
            data.Delete(SampleDataImport.Done);
        }

        builder.Services
            .AddLogging(QuietLogging)
            .AddSingleton(options)
            .AddSingleton(_ => data) // disposed with the application
            .AddSingleton(servers)
            .AddSingleton<Readiness>()
            .AddHostedService<ServiceStopper>()
            .AddHostedService<ResourceSupervisor>()
            .AddHostedService<ReadyAnnouncer>()
            .AddHostedService<SampleDataImport>();
    }

    // The announcement says it in fewer words. Unencrypted connections are intended, since all are on loopback. ASP.NET
    // Core and gRPC serve the dashboard, and would log each of its requests.
    private static void QuietLogging(ILoggingBuilder logging) => logging
        .AddFilter("Aspire.Hosting.DistributedApplication", LogLevel.Warning)
        .AddFilter("Aspire.Hosting.Dashboard", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

    /// <summary>Orchestrator and dashboard are configured before there is a builder, so the ports are read first.</summary>
    private static string[] OrchestrationArguments(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var ports = ShopOptions.ReadPorts(configuration);
        return
        [
            $"--ASPNETCORE_URLS=http://localhost:{ports.Dashboard}",
            $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://localhost:{ports.OtlpGrpc}",
            $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL=http://localhost:{ports.OtlpHttp}",
            $"--ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL=http://localhost:{ports.ResourceService}",
            "--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true",
            // Otherwise the host exits seconds before its processes, and a start right after it finds their ports in use.
            "--DcpPublisher:WaitForResourceCleanup=true",
        ];
    }
}
