namespace Shop.Migrations;

internal static class ReadDatabase
{
    /// <summary>Creates no table: the projector does, because it replaces them in a rebuild.</summary>
    /// <returns>What was done, for the log.</returns>
    public static async Task<string> PrepareAsync(
        string administrator, RoleSettings settings, CancellationToken cancellationToken)
    {
        await using var database = new RoleDatabase(administrator, settings);
        await database.CreateRolesAsync(
            [(RoleSettings.Projector, "login"), (RoleSettings.Reader, "login")], cancellationToken);
        await database.RunFileAsync("ReadDatabase.sql", cancellationToken);
        return $"The read database has its roles, {settings.NameOf(RoleSettings.Projector)} "
            + $"and {settings.NameOf(RoleSettings.Reader)}.";
    }
}
