using Microsoft.Extensions.Configuration;

namespace Shop.Migrations;

/// <summary>
/// Prepares the databases before the services start: creates the roles, brings the schema of the write database up to
/// date and grants each role what its service needs. Needs an administrator of the databases. Every run does the same,
/// so that it can be repeated, and grants the rights on new tables.
/// </summary>
internal static class MigrationStep
{
    /// <param name="report">Receives a line for each database.</param>
    public static async Task RunAsync(
        IConfiguration configuration, Action<string> report, CancellationToken cancellationToken)
    {
        var settings = RoleSettings.Read(configuration);
        var (orders, readdb) = (Administrator("orders"), Administrator("readdb"));
        if (orders is null && readdb is null)
            throw new MigrationSettingException(
                "Set ConnectionStrings:orders, ConnectionStrings:readdb or both to an administrator's connection string.");

        if (orders is not null)
            report(await WriteDatabase.PrepareAsync(orders, settings, cancellationToken));
        if (readdb is not null)
            report(await ReadDatabase.PrepareAsync(readdb, settings, cancellationToken));

        string? Administrator(string database) =>
            configuration.GetConnectionString(database) is { Length: > 0 } given ? given : null;
    }
}

/// <summary>A setting is missing or not valid.</summary>
internal sealed class MigrationSettingException(string message) : Exception(message);
