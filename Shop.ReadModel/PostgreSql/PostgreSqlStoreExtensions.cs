using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.ReadModel.PostgreSql;

internal static class PostgreSqlStoreExtensions
{
    public static void AddPostgreSqlStore(this IHostApplicationBuilder builder, string connectionName)
    {
        // The store's own check looks further than the component's, at the tables.
        builder.AddNpgsqlDataSource(connectionName, settings => settings.DisableHealthChecks = true);
        builder.Services.AddSingleton<IOrderIndex, PostgreSqlOrderIndex>();
        builder.Services.AddSingleton<IOrderSearch, PostgreSqlOrderSearch>();
        builder.Services.AddSingleton<IOrderRebuild, PostgreSqlRebuild>();
    }
}
