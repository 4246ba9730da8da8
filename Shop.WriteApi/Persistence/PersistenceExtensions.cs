using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.ServiceDefaults.Health;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Persistence;

internal static class PersistenceExtensions
{
    private const string ConnectionName = "orders";

    public static IHostApplicationBuilder AddPersistence(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(
            ConnectionName,
            settings => settings.DisableHealthChecks = true,
            source => Tune(source.ConnectionStringBuilder));
        builder.Services.AddDbContextPool<ShopDbContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention());
        builder.EnrichNpgsqlDbContext<ShopDbContext>(settings =>
        {
            // Conflicts and outages are the caller's to retry, by key; the data source is traced and watched already.
            settings.DisableRetry = true;
            settings.DisableHealthChecks = true;
            settings.DisableTracing = true;
            settings.DisableMetrics = true;
        });
        builder.Services.AddSingleton<DatabaseMigration>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DatabaseMigration>());
        builder.Services.AddHealthChecks().AddCheck<DatabaseHealthCheck>("database", tags: [HealthPaths.Ready]);
        return builder;
    }

    private static void Tune(NpgsqlConnectionStringBuilder connection)
    {
        connection.ApplicationName ??= "shop-write";
        connection.MaxAutoPrepare = 64;
        connection.AutoPrepareMinUsages = 2;
        connection.NoResetOnClose = true;
        // Longer than a request may take: its own limit decides, and cancels the statement.
        connection.CommandTimeout = (int)(2 * Limits.RequestTime).TotalSeconds;
        connection.MaxPoolSize = 32;
        // Every statement finds rows by key: a plan made for the values of one call is never worth its time.
        connection.Options = $"{connection.Options} -c plan_cache_mode=force_generic_plan".TrimStart();
        connection.Timeout = 5;
    }
}
