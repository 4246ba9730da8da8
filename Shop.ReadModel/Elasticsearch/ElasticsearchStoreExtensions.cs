using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Names;
using Shop.ReadModel.Elasticsearch.Searching;
using Shop.ReadModel.Elasticsearch.Statistics;
using Shop.ReadModel.Elasticsearch.Streaming;
using Shop.ReadModel.Elasticsearch.Writing;
using Shop.ReadModel.Names;

namespace Shop.ReadModel.Elasticsearch;

internal static class ElasticsearchStoreExtensions
{
    private const string Section = "Elasticsearch";

    public static void AddElasticsearchStore(this IHostApplicationBuilder builder, string connectionName)
    {
        var connection = ElasticsearchConnection.Parse(builder.Configuration.GetConnectionString(connectionName)!);
        var services = builder.Services;
        services.AddOptions<ElasticsearchOptions>()
            .Bind(builder.Configuration.GetSection(Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<ElasticsearchOptions>>().Value);
        services.AddSingleton(provider => ElasticsearchClientFactory.Create(
            connection, provider.GetRequiredService<ElasticsearchOptions>()));
        services.AddSingleton<ElasticsearchRest>();
        services.AddSingleton<IndexDefinition>();
        services.AddSingleton<ElasticsearchSchema>();
        services.AddSingleton<IReadStoreSchema>(provider => provider.GetRequiredService<ElasticsearchSchema>());
        services.AddSingleton<ConflictResolver>();
        services.AddSingleton<BulkWriter>();
        services.AddSingleton<ElasticsearchGenerations>();
        services.AddSingleton<IIndexGenerations>(provider => provider.GetRequiredService<ElasticsearchGenerations>());
        services.AddSingleton<IGenerationStore>(provider => provider.GetRequiredService<ElasticsearchGenerations>());
        services.AddSingleton(provider => provider.GetRequiredService<ElasticsearchOptions>().DualWrite);
        services.AddSingleton<DualWriter>();
        services.AddSingleton<RefreshLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<RefreshLoop>());
        services.AddSingleton<FreshnessDocument>();
        services.AddSingleton<StoredVersions>();
        services.AddSingleton<IOrderIndex, ElasticsearchOrderIndex>();
        services.AddSingleton<SearchSender>();
        services.AddSingleton<IOrderChanges, ElasticsearchOrderChanges>();
        services.AddSingleton<IOrderExport, ElasticsearchOrderExport>();
        services.AddSingleton<IOrderStatistics, ElasticsearchOrderStatistics>();
        services.AddSingleton<IOrderSearch, ElasticsearchOrderSearch>();
        services.AddSingleton<NameSchema>();
        services.AddSingleton<NameWriter>();
        services.AddSingleton<NameCounts>();
        services.AddSingleton<INameIndex, ElasticsearchNameIndex>();
        services.AddSingleton<INameSearch, ElasticsearchNameSearch>();
    }
}
