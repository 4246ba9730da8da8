using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Testing;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Tests.Persistence;

public sealed class MigrationTests
{
    private const string Data = """
        insert into customers (id, version, name, email, country)
        values ('0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e', 2, 'Ada', 'ada@example.com', 'GB');
        insert into customer_changes (customer_id, customer_version)
        values ('0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e', 2);
        insert into products (sku, version, name, category, price, currency)
        values ('OWN-1', 1, 'Own product', 'Own', 500, 'EUR');
        insert into orders (id, number, version, status, customer_id, customer_version, customer_name, customer_email,
            customer_country, currency, total, recipient, street, postal_code, city, country, placed_at, updated_at)
        values ('0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5f', '0123456789', 1, 'placed',
            '0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e', 1, 'Eda', 'ada@example.com', 'GB', 'EUR', 1000, 'Ada', 'Street',
            '1', 'London', 'GB', now() - interval '1 hour', now() - interval '1 hour');
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
        values ('0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5f', 1, 'OWN-1', 'Own product', 'Own', 2, 500);
        insert into order_events (order_id, version, type, occurred_at)
        values ('0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5f', 1, 'placed', now() - interval '1 hour');
        """;

    [SkippableFact]
    public async Task Data_of_the_previous_version_is_there_after_the_migration_and_goes_on()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var context = Context(connectionString);
        var previous = context.Database.GetMigrations().Reverse().Skip(1).First();
        await context.GetService<IMigrator>().MigrateAsync(previous);
        await context.Database.ExecuteSqlRawAsync(Data);

        await using var api = await WriteApi.StartAsync(connectionString);
        await Eventually.HoldsAsync(
            async () => await api.QueryAsync<long>("select count(*) from customer_changes") == 0,
            "The change that waited before the migration is done");
        var order = await api.GetJsonAsync("/orders/0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5f");
        Assert.Equal("Ada", order.GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal(2, order.GetProperty("version").GetInt64());
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from products"));
        Assert.Empty(await context.Database.GetPendingMigrationsAsync());
    }

    [SkippableFact]
    public async Task Replicas_that_start_at_once_on_an_empty_database_agree()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => WriteApi.StartAsync(connectionString))));
        Assert.Equal(206, await replicas[0].QueryAsync<long>("select count(*) from products"));
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task The_model_has_no_change_without_a_migration()
    {
        await using var context = Context("Host=nowhere");
        Assert.False(context.Database.HasPendingModelChanges());
    }

    private static ShopDbContext Context(string connectionString) => new(new DbContextOptionsBuilder<ShopDbContext>()
        .UseNpgsql(connectionString)
        .UseSnakeCaseNamingConvention()
        .Options);
}
