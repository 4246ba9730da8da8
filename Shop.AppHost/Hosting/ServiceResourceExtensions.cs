using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Hosting;

internal static class ServiceResourceExtensions
{
    private const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string Timeout = "OTEL_EXPORTER_OTLP_TIMEOUT";

    private static readonly string[] QueriesInSpans =
    [
        "OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION",
        "OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION",
    ];

    // Each service keeps its own.
    private const string Name = "OTEL_SERVICE_NAME";

    /// <summary>
    /// Settings for services that share the few cores of one machine with the servers. Instrumented code (tiered PGO)
    /// costs more in the first seconds of a service than it saves later. An idle thread that spins takes its core from
    /// another process: 7 % of the processor time of a command (docs/benchmarks.md).
    /// </summary>
    private static readonly Dictionary<string, string> OneMachine = new()
    {
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0",
    };

    /// <summary>Whether it serves requests until it is stopped. Another project runs to its end.</summary>
    public static bool IsService(this ProjectResource project) => project.GetEndpoints().Any();

    /// <summary>Gives the service the connection string of one role.</summary>
    /// <param name="connectionName">By default the database's name.</param>
    public static IResourceBuilder<ProjectResource> WithDatabase(
        this IResourceBuilder<ProjectResource> service, ShopDatabase database, DatabaseRole role,
        string? connectionName = null) =>
        service
            .WithReferenceRelationship(database.Resource)
            .WithEnvironment(
                $"ConnectionStrings__{connectionName ?? database.Resource.Resource.Name}", database.ConnectionFor(role))
            .WaitFor(database.Resource);

    public static IResourceBuilder<ProjectResource> WaitForCompletionIfAny(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<ProjectResource>? step) =>
        step is null ? service : service.WaitForCompletion(step);

    /// <summary>Gives the service a key of its own in place of the server's administrator.</summary>
    public static IResourceBuilder<ProjectResource> WithElasticsearchIfAny(
        this IResourceBuilder<ProjectResource> service, ShopElasticsearch? elasticsearch, bool mayWrite = false)
    {
        service.WithReferenceIfAny(elasticsearch?.Resource);
        return elasticsearch is { HasKeys: true } && service.ApplicationBuilder.ExecutionContext.IsRunMode
            ? service.WithEnvironment(
                context => elasticsearch.SetVariablesAsync(context, service.Resource.Name, mayWrite))
            : service;
    }

    public static IResourceBuilder<ProjectResource> WithReferenceIfAny(
        this IResourceBuilder<ProjectResource> service, IResourceBuilder<IResourceWithConnectionString>? server) =>
        server is null ? service : service.WithReference(server).WaitFor(server);

    /// <summary>
    /// Starts the program that the build produced. Aspire uses `dotnet run`, which takes a second of processor time for
    /// each service. It is also a process between the orchestrator and the service, and hides the service's exit.
    /// </summary>
    public static IResourceBuilder<ProjectResource> RunAsBuilt(this IResourceBuilder<ProjectResource> service)
    {
        var project = service.Resource.GetProjectMetadata().ProjectPath;
        var program = Checkout.Program(Path.GetFileNameWithoutExtension(project));
        var debugged = service.ApplicationBuilder.Configuration["DEBUG_SESSION_PORT"] is { Length: > 0 };
        return debugged || !File.Exists(program)
            ? service
            : service.WithAnnotation(new ExecutableAnnotation
            {
                Command = program,
                WorkingDirectory = Path.GetDirectoryName(project)!,
            });
    }

    public static IResourceBuilder<ProjectResource> WithOneMachineTuning(
        this IResourceBuilder<ProjectResource> service)
    {
        foreach (var (name, value) in OneMachine)
        {
            service.WithEnvironment(name, service.ApplicationBuilder.Configuration[name] ?? value);
        }

        return service;
    }

    /// <summary>
    /// Runs the service in Development unless the host runs in another environment, where a service requires an
    /// authority for tokens and keys of its own.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithEnvironmentOfHost(this IResourceBuilder<ProjectResource> service)
    {
        var host = service.ApplicationBuilder;
        return host.ExecutionContext.IsRunMode
            ? service.WithEnvironment(
                "ASPNETCORE_ENVIRONMENT", host.Configuration["environment"] ?? Environments.Development)
            : service;
    }

    /// <summary>Passes the host's OTEL_* variables on. They override what Aspire sets for its dashboard.</summary>
    public static IResourceBuilder<ProjectResource> WithTelemetryOfHost(this IResourceBuilder<ProjectResource> service)
    {
        if (!service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return service;
        }

        var given = Given(service.ApplicationBuilder.Configuration);
        return service.WithEnvironment(context =>
        {
            var variables = context.EnvironmentVariables;
            // The dashboard stops before the services. By default they would wait ten seconds for it.
            variables[Timeout] = "500";
            // Aspire lets spans have whole query strings in Development, and people search for names.
            foreach (var name in QueriesInSpans)
            {
                variables[name] = "false";
            }

            if (given.ContainsKey(Endpoint))
            {
                // The dashboard's API key must not be sent to another collector.
                (variables[Protocol], variables[Headers]) = ("grpc", "");
            }

            foreach (var (name, value) in given)
            {
                variables[name] = name == Attributes && variables.TryGetValue(name, out var ours)
                    ? $"{ours},{value}"
                    : value;
            }
        });
    }

    private static Dictionary<string, string> Given(IConfiguration host) => host.AsEnumerable()
        .Where(setting => setting.Key.StartsWith("OTEL_", StringComparison.Ordinal) && setting.Key != Name)
        .Where(setting => setting.Value is { Length: > 0 })
        .ToDictionary(setting => setting.Key, setting => setting.Value!);
}
