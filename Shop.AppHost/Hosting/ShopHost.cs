using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shop.AppHost.SampleData;

namespace Shop.AppHost.Hosting;

internal static class ShopHost
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Action<ShopBuilder> draw)
    {
        try
        {
            await using var app = Build(HostArguments.Normalize(args), draw);
            await app.RunAsync();
            return 0;
        }
        catch (HostException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return 1;
        }
    }

    private static DistributedApplication Build(string[] args, Action<ShopBuilder> draw)
    {
        var builder = DistributedApplication.CreateBuilder([.. DashboardArguments(args), .. args]);
        var options = ShopOptions.Read(builder.Configuration, builder.AppHostDirectory);
        var running = builder.ExecutionContext.IsRunMode;
        var data = new DataDirectory(options.Data);
        if (running)
        {
            options.Ports.MustBeFree();
            data.Take();
            if (options.Reset)
            {
                data.Delete(SampleDataImport.Done);
            }
        }

        var servers = ServersChoice.Make(builder, options, data);
        draw(new ShopBuilder(builder, options, servers));
        builder.Services
            .AddSingleton(options)
            .AddSingleton(_ => data) // disposed with the application
            .AddSingleton(servers)
            .AddSingleton<Readiness>()
            .AddHostedService<ResourceSupervisor>()
            .AddHostedService<ReadyAnnouncer>();
        return builder.Build();
    }

    /// <summary>The dashboard is configured before there is a builder, so the base port is read ahead.</summary>
    private static string[] DashboardArguments(string[] args)
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
        ];
    }
}
