using Microsoft.EntityFrameworkCore;
using Shop.WriteApi.Database;

namespace Shop.Migrations;

internal static class WriteDatabase
{
    /// <returns>What was done, for the log.</returns>
    public static async Task<string> PrepareAsync(
        string administrator, RoleSettings settings, CancellationToken cancellationToken)
    {
        await using var database = new RoleDatabase(administrator, settings);
        await using (var found = Context(database.Source))
            await new SchemaMigration(found, database.Source).ReadAppliedAsync(cancellationToken);
        await database.CreateRolesAsync(
            [
                (RoleSettings.Owner, "nologin"),
                (RoleSettings.Commands, "login"),
                (RoleSettings.Relay, "login replication"),
            ], cancellationToken);
        await database.RunFileAsync("WriteDatabase.sql", cancellationToken);

        await using var owner = database.As(RoleSettings.Owner);
        await using var context = Context(owner);
        var applied = await new SchemaMigration(context, owner).MigrateAsync(cancellationToken);
        await database.RunFileAsync(owner, "WriteGrants.sql", cancellationToken);
        return $"The write database is up to date, {applied} migrations were applied. "
            + $"Its roles are {settings.NameOf(RoleSettings.Owner)}, {settings.NameOf(RoleSettings.Commands)} "
            + $"and {settings.NameOf(RoleSettings.Relay)}.";
    }

    private static ShopDbContext Context(Npgsql.NpgsqlDataSource source) =>
        new(new DbContextOptionsBuilder<ShopDbContext>().UseNpgsql(source).UseSnakeCaseNamingConvention().Options);
}
