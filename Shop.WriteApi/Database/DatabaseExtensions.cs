using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults.Health;

namespace Shop.WriteApi.Database;

internal static class DatabaseExtensions
{
    private const string ConnectionName = "orders";

    // Placed before the operator's connection string: the later value of a key wins. The command timeout is longer than
    // a request may take, so that the request's own limit decides and cancels the statement.
    // An import writes a megabyte a transaction, which is fewer calls with a larger buffer.
    private const string Defaults = "Application Name=shop-write;Maximum Pool Size=32;Timeout=5;Command Timeout=30;"
        + "Max Auto Prepare=64;Auto Prepare Min Usages=2;No Reset On Close=true;Write Buffer Size=65536;";

    public static IHostApplicationBuilder AddDatabase(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDataSource(ConnectionName, settings =>
        {
            settings.DisableHealthChecks = true;
            if (settings.ConnectionString is { } given)
                settings.ConnectionString = Defaults + given;
        });
        builder.Services.AddDbContextPool<ShopDbContext>((services, options) => options
            .UseNpgsql(services.GetRequiredService<Npgsql.NpgsqlDataSource>())
            .UseSnakeCaseNamingConvention());
        builder.EnrichNpgsqlDbContext<ShopDbContext>(settings =>
        {
            // Callers retry, with an idempotency key. The data source is already traced and has its own health check.
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
}
