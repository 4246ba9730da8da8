namespace Shop.AppHost.Hosting;

/// <summary>The servers that the services use: containers, or processes on this machine.</summary>
internal interface IServers
{
    /// <summary>Text for the console, such as "PostgreSQL 15 in /usr/lib/postgresql/15/bin".</summary>
    string Description { get; }

    /// <summary>What the servers that are being prepared wait for.</summary>
    IEnumerable<string> Preparations { get; }

    /// <summary>Finds or downloads the programs. Called before any server is added.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    ShopDatabase AddDatabase(string name, RolePasswords passwords);

    IResourceBuilder<IResourceWithConnectionString> AddKafka(string name);

    /// <returns>Null if there is no Elasticsearch; the database "readdb" is then the read store.</returns>
    ShopElasticsearch? AddElasticsearch(string name);

    /// <returns>Null if there is no Redis; look-ups by id then go to the read store.</returns>
    IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name);
}
