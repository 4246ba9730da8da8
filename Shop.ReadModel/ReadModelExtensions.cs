using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.Redis;
using Shop.ServiceDefaults.Background;

namespace Shop.ReadModel;

public static class ReadModelExtensions
{
    private const string Elasticsearch = "elasticsearch";
    private const string PostgreSql = "readdb";
    private const string Redis = "redis";

    /// <summary>
    /// Adds the read store whose connection string is set: Elasticsearch if both are set. Adds Redis as a cache if its
    /// connection string is set.
    /// </summary>
    /// <exception cref="InvalidOperationException">Neither connection string is set.</exception>
    public static void AddReadModel(this IHostApplicationBuilder builder) => builder.AddReadModel(isReader: false);

    /// <summary>
    /// Adds the store for a service that reads it and waits for versions. Nothing is created or changed in the store,
    /// so a user with read access is sufficient.
    /// </summary>
    public static void AddReadModelForReaders(this IHostApplicationBuilder builder)
    {
        builder.AddReadModel(isReader: true);
        builder.Services.AddSingleton<VersionAwaiter>();
        builder.Services.AddSingleton<FreshnessReader>();
        if (!builder.IsNamed(Elasticsearch))
            builder.Services.AddHostedService<VersionListener>();
    }

    private static void AddReadModel(this IHostApplicationBuilder builder, bool isReader)
    {
        if (builder.IsNamed(Elasticsearch))
            builder.AddElasticsearchStore(Elasticsearch);
        else if (builder.IsNamed(PostgreSql))
            builder.AddPostgreSqlStore(PostgreSql, isReader);
        else
            throw new InvalidOperationException(
                $"No read store is configured. Set ConnectionStrings:{Elasticsearch} or ConnectionStrings:{PostgreSql}.");

        if (builder.IsNamed(Redis))
            builder.AddRedisCache(Redis, isTraced: isReader);

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        builder.Services.TryAddSingleton<LoopServices>();
        builder.Services.AddHealthChecks().AddCheck<ReadStoreHealthCheck>("read-store", tags: ["ready"]);
    }

    private static bool IsNamed(this IHostApplicationBuilder builder, string connection) =>
        !string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString(connection));
}
