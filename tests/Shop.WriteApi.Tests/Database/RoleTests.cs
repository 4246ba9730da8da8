using System.Net;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Shop.Migrations;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Database;

/// <summary>What the database refuses to each role of the write side.</summary>
public sealed class RoleTests(RoleTests.PreparedDatabase database) : IClassFixture<RoleTests.PreparedDatabase>
{
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    private const string GeneratedAlways = "428C9";

    [Theory]
    [InlineData("commands", "create table t (id int)")]
    [InlineData("commands", "create temporary table t (id int)")]
    [InlineData("commands", "alter table orders add column c int")]
    [InlineData("commands", "drop table outbox")]
    [InlineData("commands", "truncate outbox")]
    [InlineData("commands", "create index on orders (total)")]
    [InlineData("commands", "insert into \"__EFMigrationsHistory\" values ('x', 'y')")]
    [InlineData("commands", "update database_identity set id = gen_random_uuid()")]
    [InlineData("commands", "select create_outbox_publication('shop_outbox')")]
    [InlineData("commands", "select pg_create_logical_replication_slot('mine', 'pgoutput')")]
    [InlineData("commands", "select passwd from pg_shadow")]
    [InlineData("commands", "select pg_read_file('PG_VERSION')")]
    [InlineData("commands", "copy orders to program 'cat'")]
    [InlineData("commands", "create role other login")]
    [InlineData("commands", "set role {0}_owner")]
    [InlineData("commands", "set role {0}_relay")]
    [InlineData("relay", "select * from orders")]
    [InlineData("relay", "select * from customers")]
    [InlineData("relay", "select * from idempotency_keys")]
    [InlineData("relay", "insert into outbox (order_id, version, type, payload, occurred_at) "
        + "values (gen_random_uuid(), 1, 'x', '{{}}', now())")]
    [InlineData("relay", "update outbox set payload = '{{}}'")]
    [InlineData("relay", "update outbox set id = 1")]
    [InlineData("relay", "truncate outbox")]
    [InlineData("relay", "create table t (id int)")]
    [InlineData("relay", "create publication mine for table outbox")]
    [InlineData("relay", "drop publication shop_outbox")]
    [InlineData("relay", "select create_outbox_publication('of_customers')")]
    [InlineData("relay", "set role {0}_owner")]
    public async Task The_database_refuses_a_role_what_its_work_does_not_need(string role, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionOf(role));

        var refusal = await Assert.ThrowsAsync<PostgresException>(
            () => source.ExecuteAsync(string.Format(null, sql, database.Prefix)));

        Assert.Contains(
            refusal.SqlState,
            (string[])[PostgresErrorCodes.InsufficientPrivilege, GeneratedAlways, PostgresErrorCodes.RaiseException]);
    }

    [Theory]
    [InlineData("owner")]
    [InlineData("projector")]
    public async Task A_role_that_has_nothing_to_do_here_cannot_log_in(string role) =>
        await Assert.ThrowsAsync<PostgresException>(async () =>
        {
            await using var source = NpgsqlDataSource.Create(database.ConnectionOf(role));
            await source.ExecuteAsync("select 1");
        });

    [Fact]
    public async Task The_write_API_takes_orders_and_relays_them_with_its_two_roles()
    {
        var kafka = await KafkaServer.GetAsync();
        var topic = await kafka.CreateTopicAsync();
        await using var api = await WriteApi.StartAsync(database.ConnectionOf("commands"), builder =>
        {
            builder.UseSetting("ConnectionStrings:relay", database.ConnectionOf("relay"));
            builder.UseSetting("ConnectionStrings:kafka", kafka.BootstrapServers);
            builder.UseSetting("Relay:Enabled", "true");
            builder.UseSetting("Relay:Topic", topic);
            builder.UseSetting("Relay:Retention", "00:00:00");
            builder.UseSetting("Relay:PruneInterval", "00:00:00.100");
        });

        var customer = await Given.CustomerAsync(api);
        using (var placed = await api.PostAsync("/orders", Given.Order(customer)))
            Assert.Equal(HttpStatusCode.Created, placed.StatusCode);

        // Pruned once it is published: replication, publication and deletion work.
        await Eventually.HoldsAsync(
            async () => await api.QueryAsync<long>("select count(*) from outbox") == 0,
            "the relay publishes and prunes", TimeSpan.FromSeconds(60));
        Assert.Equal(
            $"{database.Prefix}_relay",
            await api.QueryAsync<string>(
                "select r.usename::text from pg_stat_replication r join pg_replication_slots s on s.active_pid = r.pid "
                + "where s.database = current_database()"));
        await database.DropSlotAsync();
    }

    [Fact]
    public async Task A_database_of_one_user_is_handed_to_its_roles_with_its_orders()
    {
        var server = await PostgresServer.GetAsync();
        var connectionString = await server.CreateDatabaseAsync();
        Guid customer;
        await using (var before = await WriteApi.StartAsync(connectionString))
            customer = await Given.CustomerAsync(before);

        var after = await PreparedDatabase.PrepareAsync(connectionString);
        await using var api = await WriteApi.StartAsync(after.ConnectionOf("commands"));

        using var found = await api.Client.GetAsync(new Uri($"/customers/{customer}", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        await Assert.ThrowsAsync<PostgresException>(() => api.ExecuteAsync("drop table orders"));
    }

    [Fact]
    public async Task Without_its_migrations_the_service_waits_and_names_the_step_to_run()
    {
        var after = await PreparedDatabase.PrepareAsync();
        await after.Administrator.ExecuteAsync(
            "delete from \"__EFMigrationsHistory\" where migration_id like '%OutboxPublication'");

        await using var api = WriteApi.StartWithoutWaiting(after.ConnectionOf("commands"));

        await Eventually.GetAsync(
            async () => await (await api.Client.GetAsync("/health/ready")).Content.ReadAsStringAsync(),
            body => body.Contains("Run Shop.Migrations", StringComparison.Ordinal),
            "the service names the step");
    }

    [Fact]
    public async Task Passwords_are_not_part_of_what_the_server_could_log()
    {
        var secret = ScramSecret.Of("pencil");

        Assert.StartsWith("SCRAM-SHA-256$4096:", secret, StringComparison.Ordinal);
        Assert.DoesNotContain("pencil", secret, StringComparison.Ordinal);
        Assert.Throws<MigrationSettingException>(() => ScramSecret.Of("Bleistift ß"));
        Assert.Equal(
            0, await database.Administrator.QueryAsync<long>(
                "select count(*) from pg_authid where rolname like $1 and rolcanlogin and rolpassword not like 'SCRAM%'",
                database.Prefix + "%"));
    }

    /// <summary>A database as the host prepares it, with roles of its own.</summary>
    public sealed class PreparedDatabase : IAsyncLifetime
    {
        private const string Password = "role-password-1";

        private string _administrator = "";

        internal string Prefix { get; } = $"t{Guid.CreateVersion7():N}";

        internal NpgsqlDataSource Administrator { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            await PrepareThisAsync(await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
            await Administrator.ExecuteAsync(
                "select create_outbox_publication('shop_outbox'); create publication of_customers for table customers");
        }

        public async Task DisposeAsync() => await Administrator.DisposeAsync();

        internal static async Task<PreparedDatabase> PrepareAsync(string? administrator = null)
        {
            var prepared = new PreparedDatabase();
            await prepared.PrepareThisAsync(
                administrator ?? await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
            return prepared;
        }

        internal string ConnectionOf(string role) => new NpgsqlConnectionStringBuilder(_administrator)
        {
            Username = $"{Prefix}_{role}",
            Password = Password,
            Pooling = false,
        }.ConnectionString;

        internal async Task DropSlotAsync() => await Administrator.ExecuteAsync(
            "select pg_terminate_backend(active_pid) from pg_replication_slots where database = current_database()");

        private async Task PrepareThisAsync(string administrator)
        {
            _administrator = administrator;
            Administrator = NpgsqlDataSource.Create(administrator);
            var settings = new Dictionary<string, string?>
            {
                ["ConnectionStrings:orders"] = administrator,
                ["Roles:Prefix"] = Prefix,
                ["Roles:Passwords:commands"] = Password,
                ["Roles:Passwords:relay"] = Password,
            };
            var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
            await MigrationStep.RunAsync(configuration, _ => { }, default);
            // As on every start of the host.
            await MigrationStep.RunAsync(configuration, _ => { }, default);
        }
    }
}

internal static class DataSourceExtensions
{
    public static async Task ExecuteAsync(this NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static async Task<T> QueryAsync<T>(this NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
