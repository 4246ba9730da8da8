using Microsoft.Extensions.Configuration;
using Npgsql;
using Shop.WriteApi.Database;

namespace Shop.Migrations;

internal static class Program
{
    private static async Task<int> Main()
    {
        // Environment only: every user of the machine can read a command line.
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        try
        {
            await MigrationStep.RunAsync(configuration, Console.WriteLine, CancellationToken.None);
            return 0;
        }
        catch (Exception exception) when (
            exception is NpgsqlException or MigrationSettingException or ForeignDatabaseException)
        {
            await Console.Error.WriteLineAsync($"The databases were not prepared: {exception.Message}");
            return 1;
        }
    }
}
