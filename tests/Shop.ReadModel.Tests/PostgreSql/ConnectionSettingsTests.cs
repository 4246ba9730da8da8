using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.ReadModel.PostgreSql;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class ConnectionSettingsTests
{
    private const string Server = "Host=127.0.0.1;Username=x;Database=x";

    [Fact]
    public async Task The_connection_string_wins_over_the_read_stores_defaults()
    {
        var used = await UsedAsync(
            $"{Server};MaxPoolSize=7;Timeout=9;Max Auto Prepare=0;Auto Prepare Min Usages=3;ApplicationName=mine");

        Assert.Equal((7, 9, "mine"), (used.MaxPoolSize, used.Timeout, used.ApplicationName));
        Assert.Equal((0, 3), (used.MaxAutoPrepare, used.AutoPrepareMinUsages));
    }

    [Fact]
    public async Task The_read_stores_defaults_apply_where_the_connection_string_says_nothing()
    {
        var used = await UsedAsync(Server);

        Assert.Equal((32, 5, "shop-read-model"), (used.MaxPoolSize, used.Timeout, used.ApplicationName));
        Assert.Equal((64, 2), (used.MaxAutoPrepare, used.AutoPrepareMinUsages));
    }

    private static async Task<NpgsqlConnectionStringBuilder> UsedAsync(string given)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:readdb", given)]);
        builder.AddPostgreSqlStore("readdb");
        using var host = builder.Build();
        await using var source = host.Services.GetRequiredService<NpgsqlDataSource>();
        return new(source.ConnectionString);
    }
}
