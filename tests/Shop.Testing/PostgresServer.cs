using Npgsql;
using Testcontainers.PostgreSql;

namespace Shop.Testing;

/// <summary>
/// A real PostgreSQL, one for a test run: the one that <c>ConnectionStrings__postgres</c> names (a superuser's),
/// else one started from the binaries of this machine, else a container; with none of them the test is skipped.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer?>> Shared = new(FindAsync);

    private readonly string _connectionString;

    private PostgresServer(string connectionString) => _connectionString = connectionString;

    public static async Task<PostgresServer> GetAsync()
    {
        var server = await Shared.Value;
        Skip.If(server is null,
            "No PostgreSQL: set ConnectionStrings__postgres or SHOP_POSTGRES_BIN, install postgresql, or start Docker.");
        return server!;
    }

    /// <summary>Makes an empty database with a name of its own.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_connectionString) { Database = name }.ConnectionString;
    }

    private static async Task<PostgresServer?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__postgres") is { Length: > 0 } given)
            return new PostgresServer(given);
        if (LocalPostgres.FindBinaries() is { } binaries)
            return new PostgresServer(await LocalPostgres.StartForRunAsync(binaries));
        if (await Docker.IsRunningAsync())
            return new PostgresServer(await StartContainerAsync());
        return null;
    }

    private static async Task<string> StartContainerAsync()
    {
        var container = new PostgreSqlBuilder("postgres:18.3")
            .WithCommand("-c", "wal_level=logical", "-c", "max_connections=300", "-c", "max_replication_slots=50")
            .Build();
        await container.StartAsync();
        return container.GetConnectionString();
    }
}
