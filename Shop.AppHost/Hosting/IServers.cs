namespace Shop.AppHost.Hosting;

/// <summary>Where the servers come from: containers or processes of this machine.</summary>
internal interface IServers
{
    /// <summary>For the console, such as "PostgreSQL 15 of /usr/lib/postgresql/15/bin".</summary>
    string Description { get; }

    IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name);

    IResourceBuilder<IResourceWithConnectionString> AddKafka(string name);

    /// <summary>Null where there is none: the second database is the read store then.</summary>
    IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name);

    /// <summary>Null where there is none: documents are read from the read store then.</summary>
    IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name);
}
