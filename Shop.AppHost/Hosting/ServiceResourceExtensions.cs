using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

internal static class ServiceResourceExtensions
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string OtlpProtocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string OtlpHeaders = "OTEL_EXPORTER_OTLP_HEADERS";
    private const string OtlpTimeout = "OTEL_EXPORTER_OTLP_TIMEOUT";
    private static readonly string ProgramSuffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public static IResourceBuilder<ProjectResource> WithReferenceIfAny(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString>? server) =>
        server is null ? service : service.WithReference(server).WaitFor(server);

    /// <summary>
    /// Starts the program that the build made. `dotnet run`, which is Aspire's way, costs a second of processor time
    /// for each service, and stands between the orchestrator and the process that dies.
    /// </summary>
    public static IResourceBuilder<ProjectResource> RunAsBuilt(this IResourceBuilder<ProjectResource> service)
    {
        var project = service.Resource.GetProjectMetadata().ProjectPath;
        var folder = Path.GetDirectoryName(project)!;
        // As this host: bin/Debug/net10.0
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(
            folder, "bin", output.Parent!.Name, output.Name, Path.GetFileNameWithoutExtension(project) + ProgramSuffix);
        var debugged = service.ApplicationBuilder.Configuration["DEBUG_SESSION_PORT"] is { Length: > 0 };
        return debugged || !File.Exists(program)
            ? service
            : service.WithAnnotation(new ExecutableAnnotation { Command = program, WorkingDirectory = folder });
    }

    /// <summary>
    /// A collector named in the host's environment wins over the dashboard, with its protocol and headers. The
    /// dashboard ends before the services do: they must not spend the ten seconds of the default on telling it their
    /// last.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithTelemetryOfHost(
        this IResourceBuilder<ProjectResource> service, IConfiguration host)
    {
        if (host[OtlpEndpoint] is not { Length: > 0 } endpoint)
        {
            return service.ApplicationBuilder.ExecutionContext.IsRunMode
                ? service.WithEnvironment(OtlpTimeout, host[OtlpTimeout] ?? "500")
                : service;
        }

        return service.WithEnvironment(context =>
        {
            context.EnvironmentVariables[OtlpEndpoint] = endpoint;
            context.EnvironmentVariables[OtlpProtocol] = host[OtlpProtocol] ?? "grpc";
            context.EnvironmentVariables[OtlpHeaders] = host[OtlpHeaders] ?? "";
        });
    }
}
