using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Testing;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Tests.Database;

public sealed class MigrationTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string CatalogueSize = "select count(*) from products";

    [Fact]
    public async Task Replicas_that_start_at_once_on_an_empty_database_migrate_it_once()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        var replicas = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => WriteApi.StartAsync(connectionString))));
        Assert.Equal(206, await replicas[0].QueryAsync<long>(CatalogueSize));
        Assert.Equal(1, await replicas[0].QueryAsync<long>("select count(*) from database_identity"));
        foreach (var replica in replicas)
            await replica.DisposeAsync();
    }

    [Fact]
    public async Task A_restart_keeps_the_identity_and_the_catalogue()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        Guid identity;
        await using (var api = await WriteApi.StartAsync(connectionString))
        {
            identity = await api.QueryAsync<Guid>("select id from database_identity");
            await api.ExecuteAsync("delete from products");
        }

        await using var next = await WriteApi.StartAsync(connectionString);
        Assert.Equal(identity, await next.QueryAsync<Guid>("select id from database_identity"));
        Assert.Equal(0, await next.QueryAsync<long>(CatalogueSize));
    }

    [Fact]
    public async Task A_first_start_on_an_empty_database_logs_no_warning()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        using var warnings = new Warnings();
        await using var api = await WriteApi.StartAsync(connectionString, builder =>
        {
            builder.UseSetting("Logging:LogLevel:Default", "Information");
            builder.ConfigureLogging(logging => logging.AddProvider(warnings));
        });
        await api.OrderAsync();
        Assert.True(warnings.Entries.IsEmpty, string.Join(Environment.NewLine, warnings.Entries));
    }

    [Theory]
    [InlineData("create table invoices (id int)", "public.invoices")]
    [InlineData("create table \"__EFMigrationsHistory\" as select '1' as \"MigrationId\"", "__EFMigrationsHistory")]
    [InlineData("create schema crm; create table crm.leads (id int)", "crm.leads")]
    public async Task A_database_with_other_tables_is_refused_and_left_as_it_was(string sql, string table)
    {
        const string tables = "select count(*) from pg_tables where schemaname in ('public', 'crm')";
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var create = database.CreateCommand(sql))
            await create.ExecuteNonQueryAsync();

        await using var api = WriteApi.StartWithoutWaiting(connectionString);

        var refusal = await Eventually.GetAsync(
            async () => await (await api.Client.GetAsync("/health/ready")).Content.ReadAsStringAsync(),
            body => body.Contains(table, StringComparison.Ordinal),
            "the refusal names the table");
        Assert.Contains("was not created by this service", refusal, StringComparison.Ordinal);
        Assert.Equal(1, await api.QueryAsync<long>(tables));
        var command = await api.PostAsync("/orders", Given.Order(Guid.Empty));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, command.StatusCode);
    }

    [Fact]
    public async Task The_model_has_no_change_without_a_migration()
    {
        await using var context = new ShopDbContext(new DbContextOptionsBuilder<ShopDbContext>()
            .UseNpgsql("Host=nowhere")
            .UseSnakeCaseNamingConvention()
            .Options);
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Theory]
    [InlineData("orders", "customer_name", Limits.Name)]
    [InlineData("orders", "customer_email", Limits.Email)]
    [InlineData("orders", "recipient", Limits.Name)]
    [InlineData("orders", "street", Limits.Street)]
    [InlineData("orders", "postal_code", Limits.PostalCode)]
    [InlineData("orders", "city", Limits.City)]
    [InlineData("orders", "country", Limits.Country)]
    [InlineData("orders", "currency", Limits.Currency)]
    [InlineData("orders", "note", Limits.Note)]
    [InlineData("order_lines", "sku", Limits.Sku)]
    [InlineData("order_lines", "name", Limits.Name)]
    [InlineData("order_lines", "category", Limits.Category)]
    [InlineData("payments", "method", Limits.Method)]
    [InlineData("payments", "reference", Limits.Reference)]
    [InlineData("refunds", "reason", Limits.Reason)]
    [InlineData("shipments", "carrier", Limits.Carrier)]
    [InlineData("shipments", "tracking_number", Limits.TrackingNumber)]
    [InlineData("idempotency_keys", "key", RequestLimits.IdempotencyKey)]
    public async Task Columns_are_as_long_as_the_limits_of_requests(string table, string column, int limit)
    {
        var api = await fixture.GetAsync();
        Assert.Equal(limit, await api.QueryAsync<int>(
            "select character_maximum_length from information_schema.columns "
            + "where table_name = $1 and column_name = $2",
            table,
            column));
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Entries { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Entries.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        }

        public void Dispose()
        {
        }
    }
}
