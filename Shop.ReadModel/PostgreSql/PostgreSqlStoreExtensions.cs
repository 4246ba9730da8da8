using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Shop.ReadModel.PostgreSql;

internal static class PostgreSqlStoreExtensions
{
    private const string Section = "PostgreSql";

    public static void AddPostgreSqlStore(this IHostApplicationBuilder builder, string connectionName)
    {
        // The store's own check looks further than the component's, at the tables.
        builder.AddNpgsqlDataSource(connectionName, settings => settings.DisableHealthChecks = true, Tune);
        builder.Services.AddOptions<PostgreSqlOptions>().BindConfiguration(Section);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<PostgreSqlOptions>>().Value);
        builder.Services.AddSingleton<PostgreSqlSchema>();
        builder.Services.AddSingleton<IReadStoreSchema>(provider => provider.GetRequiredService<PostgreSqlSchema>());
        builder.Services.AddSingleton<PostgreSqlGenerations>();
        builder.Services.AddSingleton<IIndexGenerations>(
            provider => provider.GetRequiredService<PostgreSqlGenerations>());
        builder.Services.AddSingleton<IGenerationStore>(
            provider => provider.GetRequiredService<PostgreSqlGenerations>());
        builder.Services.AddSingleton(provider => provider.GetRequiredService<PostgreSqlOptions>().DualWrite);
        builder.Services.AddSingleton<DualWriter>();
        builder.Services.AddSingleton<IOrderIndex, PostgreSqlOrderIndex>();
        builder.Services.AddSingleton<IOrderSearch, PostgreSqlOrderSearch>();
    }

    private static void Tune(NpgsqlDataSourceBuilder source)
    {
        var connection = source.ConnectionStringBuilder;
        connection.ApplicationName ??= "shop-read-model";
        connection.MaxAutoPrepare = 64;
        connection.AutoPrepareMinUsages = 2;
        // A burst queues for a connection rather than take all that the server has.
        connection.MaxPoolSize = 32;
        connection.Timeout = 5;
        // The polls of those who wait for a version would be most of every trace.
        source.ConfigureTracing(tracing => tracing.ConfigureCommandFilter(
            command => command.CommandText != PostgreSqlOrderSearch.SearchableVersions));
    }
}
