using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shop.AppHost.SampleData;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Hosting;

internal static class ShopHost
{
    /// <summary>The folder of the orchestrator's log, in the data directory.</summary>
    public const string OrchestratorLog = "orchestrator";

    private static readonly TimeSpan KilledProcessesLimit = TimeSpan.FromSeconds(15);

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Action<ShopBuilder> configure)
    {
        if (args is [TokenCommand.Name, .. var rest])
            return await TokenCommand.RunAsync(rest);

        StartProgress? started = null;
        using var stop = new StopSignal();
        try
        {
            LoopbackProxy.Bypass();
            await using var app = await BuildAsync(HostArguments.Normalize(args), configure, stop);
            started = app.Services.GetService<StartProgress>();
            started?.Begin();
            stop.Stop(app.Services.GetRequiredService<IHostApplicationLifetime>());
            await app.RunAsync();
            return stop.IsEarly ? EndEarly() : 0;
        }
        catch (Exception e) when (
            stop.IsEarly && (e is OperationCanceledException || stop.Token.IsCancellationRequested))
        {
            return EndEarly();
        }
        catch (Exception e) when (started is not null && e is not (HostException or LocalServerException))
        {
            await Console.Error.WriteLineAsync($"{e.Message}\n{started.Failure}");
            return 1;
        }
        catch (Exception e) when (e is HostException or LocalServerException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static int EndEarly()
    {
        Console.WriteLine("Stopped before everything was started.");
        return 0;
    }

    private static async Task<DistributedApplication> BuildAsync(
        string[] args, Action<ShopBuilder> configure, StopSignal stop)
    {
        var builder = DistributedApplication.CreateBuilder([.. OrchestrationArguments(args), .. args]);
        var options = ShopOptions.Read(builder.Configuration);
        var data = new DataDirectory(options.Data);
        if (builder.ExecutionContext.IsRunMode)
        {
            Console.WriteLine("Looking for the servers.");
        }

        var servers = ServersChoice.Make(builder, options, data);
        if (builder.ExecutionContext.IsRunMode)
        {
            await PrepareRunAsync(builder, options, data, stop);
            builder.Services.AddSingleton(servers);
        }

        await servers.PrepareAsync(stop.Token);
        configure(new ShopBuilder(builder, options, data, servers));
        return builder.Build();
    }

    private static async Task PrepareRunAsync(
        IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, StopSignal stop)
    {
        var lastWasKilled = data.Take();
        data.Renew(OrchestratorLog);
        await options.Ports.MustBeFreeAsync(lastWasKilled ? KilledProcessesLimit : TimeSpan.Zero, stop.Token);
        if (options.Reset)
        {
            data.Delete(SampleDataImport.Done);
        }

        builder.Services
            .AddLogging(logging => QuietLogging(logging, stop))
            .AddSingleton(options)
            .AddSingleton(_ => data) // A factory, so that the application disposes it.
            .AddSingleton<Readiness>()
            .AddSingleton<StartProgress>()
            .AddHostedService<ServiceStopper>()
            .AddHostedService<ResourceSupervisor>()
            .AddHostedService<ReadyAnnouncer>()
            .AddHostedService<SampleDataImport>();
    }

    // The host prints the addresses itself. Unencrypted connections are intended, because all of them are on loopback.
    // ASP.NET Core and gRPC serve the dashboard, and would log each of its requests.
    private static void QuietLogging(ILoggingBuilder logging, StopSignal stop) => logging
        // The framework's host logs an interrupted start as a failure.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Warning && !stop.IsEarly)
        .AddFilter("Aspire.Hosting.DistributedApplication", LogLevel.Warning)
        .AddFilter("Aspire.Hosting.Dashboard", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Aspire.Hosting.Dcp.DcpHost", LogLevel.Error)
        .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

    /// <summary>
    /// Arguments for orchestrator and dashboard. They are configured before the builder exists, so the ports are read
    /// first.
    /// </summary>
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
            // The host waits until its processes have ended. Otherwise an immediate restart finds their ports in use.
            "--DcpPublisher:WaitForResourceCleanup=true",
            // Kept until the next start, so that a failed start can be examined.
            $"--DcpPublisher:DiagnosticsLogFolder={Path.Combine(ShopOptions.ReadData(configuration), OrchestratorLog)}",
            "--DcpPublisher:DiagnosticsLogLevel=info",
        ];
    }
}
