using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.ReadModel.Names;
using Shop.ReadModel.PostgreSql.Names;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Statistics;
using Shop.ReadModel.PostgreSql.Streaming;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql;

internal static class PostgreSqlStoreExtensions
{
    private const string Section = "PostgreSql";

    // A plan for any word is good for none: the frequency of the words decides. Compiling takes longer than it saves,
    // and what is searched is mostly in memory. A statement uses one core, so that the other cores are left to others.
    private const string ReaderSettings = """
        SET plan_cache_mode = force_custom_plan; SET jit = off; SET random_page_cost = 1.1;
        SET max_parallel_workers_per_gather = 0
        """;

    public static void AddPostgreSqlStore(
        this IHostApplicationBuilder builder, string connectionName, bool isReader = false)
    {
        // The store has its own check, which also verifies the tables.
        builder.AddNpgsqlDataSource(connectionName, settings => settings.DisableHealthChecks = true, source =>
        {
            Tune(source);
            if (isReader)
                SetUpReader(source);
        });
        builder.Services.AddOptions<PostgreSqlOptions>()
            .BindConfiguration(Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<FacetOptions>().BindConfiguration(Section);
        builder.Services.AddSingleton(provider => provider.GetRequiredService<IOptions<FacetOptions>>().Value);
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
        builder.Services.AddSingleton<IOrderChanges, PostgreSqlOrderChanges>();
        builder.Services.AddSingleton<IOrderExport, PostgreSqlOrderExport>();
        builder.Services.AddSingleton<IOrderStatistics, PostgreSqlOrderStatistics>();
        builder.Services.AddSingleton<INameIndex, PostgreSqlNameIndex>();
        builder.Services.AddSingleton<INameSearch, PostgreSqlNameSearch>();
    }

    // Defaults for settings that are not in the connection string.
    private static void Tune(NpgsqlDataSourceBuilder source)
    {
        var connection = source.ConnectionStringBuilder;
        connection.ApplicationName ??= "shop-read-model";
        SetDefault("Max Auto Prepare", 64);
        SetDefault("Auto Prepare Min Usages", 2);
        // In a burst, statements wait for a connection instead of exhausting those of the server.
        SetDefault("Maximum Pool Size", 32);
        SetDefault("Timeout", 5);

        void SetDefault(string key, int value)
        {
            if (!connection.ShouldSerialize(key))
                connection[key] = value;
        }
    }

    private static void SetUpReader(NpgsqlDataSourceBuilder source)
    {
        // Otherwise the pool would reset the settings.
        source.ConnectionStringBuilder.NoResetOnClose = true;
        source.UsePhysicalConnectionInitializer(SetUp, SetUpAsync);
    }

    private static void SetUp(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(ReaderSettings, connection);
        command.ExecuteNonQuery();
    }

    private static async Task SetUpAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(ReaderSettings, connection);
        await command.ExecuteNonQueryAsync();
    }
}
