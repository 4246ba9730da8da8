using Npgsql;

namespace Shop.Testing;

/// <summary>
/// A real PostgreSQL, one for a test run: the one that <c>ConnectionStrings__postgres</c> names (a superuser's), else
/// one started as the host starts it.
/// </summary>
public sealed class PostgresServer
{
    private static readonly Lazy<Task<PostgresServer>> Shared = new(FindAsync);

    private readonly string _connectionString;

    private PostgresServer(string connectionString) => _connectionString = connectionString;

    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>Makes an empty database with a name of its own.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_connectionString)
        {
            Database = name,
            IncludeErrorDetail = true,
        }.ConnectionString;
    }

    private static async Task<PostgresServer> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__postgres") is { Length: > 0 } given)
            return new PostgresServer(given);
        var server = await LocalPostgres.CreateAsync();
        server.EndWithRun();
        return new PostgresServer(server.ConnectionString);
    }
}
