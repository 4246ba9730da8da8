using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Database;

public sealed class ConnectionSettingsTests
{
    [Fact]
    public async Task The_connection_string_wins_over_the_defaults()
    {
        var given = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var api = await WriteApi.StartAsync(
            $"{given};MaxPoolSize=7;Timeout=9;Command Timeout=11;Max Auto Prepare=0;ApplicationName=mine");

        var used = UsedBy(api);
        Assert.Equal((7, 9, 11), (used.MaxPoolSize, used.Timeout, used.CommandTimeout));
        Assert.Equal((0, "mine"), (used.MaxAutoPrepare, used.ApplicationName));
    }

    [Fact]
    public async Task The_defaults_apply_where_the_connection_string_says_nothing()
    {
        var given = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var api = await WriteApi.StartAsync(given);

        var used = UsedBy(api);
        Assert.Equal((5, 30, 64), (used.Timeout, used.CommandTimeout, used.MaxAutoPrepare));
        Assert.Equal("shop-write", used.ApplicationName);
        Assert.True(string.IsNullOrEmpty(used.Options), used.Options);
    }

    private static NpgsqlConnectionStringBuilder UsedBy(WriteApi api) =>
        new(api.Services.GetRequiredService<NpgsqlDataSource>().ConnectionString);
}
