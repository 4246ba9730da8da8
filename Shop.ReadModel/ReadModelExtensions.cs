using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.Redis;

namespace Shop.ReadModel;

public static class ReadModelExtensions
{
    private const string Elasticsearch = "elasticsearch";
    private const string PostgreSql = "readdb";
    private const string Redis = "redis";

    /// <summary>Adds the read store that the connection strings name; Elasticsearch wins where both are. Redis is put before it.</summary>
    /// <exception cref="InvalidOperationException">None is named.</exception>
    public static void AddReadModel(this IHostApplicationBuilder builder)
    {
        if (builder.IsNamed(Elasticsearch))
            builder.AddElasticsearchStore(Elasticsearch);
        else if (builder.IsNamed(PostgreSql))
            builder.AddPostgreSqlStore(PostgreSql);
        else
            throw new InvalidOperationException(
                $"No read store: set ConnectionStrings:{Elasticsearch} or ConnectionStrings:{PostgreSql}.");

        if (builder.IsNamed(Redis))
            builder.AddRedisDocuments(Redis);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddHostedService<ReadStoreInitializer>();
        builder.Services.AddHealthChecks().AddCheck<ReadStoreHealthCheck>("read-store", tags: ["ready"]);
    }

    /// <summary>As <see cref="AddReadModel"/>, with what readers who wait for a version need.</summary>
    public static void AddReadModelForReaders(this IHostApplicationBuilder builder)
    {
        builder.AddReadModel();
        builder.Services.AddSingleton<VersionAwaiter>();
        builder.Services.AddSingleton<FreshnessReader>();
        if (!builder.IsNamed(Elasticsearch))
            builder.Services.AddHostedService<VersionListener>();
    }

    private static bool IsNamed(this IHostApplicationBuilder builder, string connection) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(connection));
}
