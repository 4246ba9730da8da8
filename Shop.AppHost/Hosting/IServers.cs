namespace Shop.AppHost.Hosting;

/// <summary>The servers that the services use: containers, or processes of this machine.</summary>
internal interface IServers
{
    /// <summary>For the console, such as "PostgreSQL 15 in /usr/lib/postgresql/15/bin".</summary>
    string Description { get; }

    /// <summary>Finds or fetches the programs, before anything is added.</summary>
    Task PrepareAsync();

    IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name);

    IResourceBuilder<IResourceWithConnectionString> AddKafka(string name);

    /// <returns>Null if there is none; the database "readdb" is then the read store.</returns>
    IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name);

    /// <returns>Null if there is none; look-ups by id then go to the read store.</returns>
    IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name);
}
