using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shop.Migrations;
using Shop.ReadModel.Names;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.PostgreSql.Names;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>What the database allows and refuses to the roles of the read side.</summary>
public sealed class RoleTests
{
    private const string Password = "role-password-1";

    [Fact]
    public async Task The_projector_creates_rebuilds_and_writes_and_the_reader_only_reads()
    {
        var (administrator, prefix) = await PrepareAsync();
        await using var projector = Source(administrator, $"{prefix}_projector");
        await using var reader = Source(administrator, $"{prefix}_reader");
        var options = new PostgreSqlOptions { GenerationsLifetime = TimeSpan.FromMilliseconds(100) };
        var generations = new PostgreSqlGenerations(projector, options, TimeProvider.System);
        var index = new PostgreSqlOrderIndex(
            projector,
            new PostgreSqlSchema(projector),
            new(generations, options.DualWrite, TimeProvider.System, NullLogger<DualWriter>.Instance));
        var search = new PostgreSqlOrderSearch(reader, new());
        await index.EnsureCreatedAsync(default);
        var order = Orders.New();
        await index.ApplyAsync([order], default);
        Assert.Single((await search.SearchAsync(new() { Scope = CallerScope.Everything }, default)).Orders);

        await generations.CreateShadowAsync(default);
        await generations.Shadow.ApplyAsync([order], default);
        await generations.CutOverAsync(default);

        // The reader may read the tables of the new generation too.
        Assert.Single((await search.SearchAsync(new() { Scope = CallerScope.Everything }, default)).Orders);
        Assert.Null(await new PostgreSqlSchema(reader).FindProblemAsync(default));
        await ExecuteAsync(reader, "listen shop_order_versions");
        var names = new PostgreSqlNameIndex(projector);
        await names.EnsureCreatedAsync(default);
        await names.CreateShadowAsync(default);
        await names.ApplyAsync(NameEntry.Of([order]), default);
        await names.CutOverAsync(default);
        Assert.NotEmpty(await new PostgreSqlNameIndex(reader).ReadAsync([new(NameKind.Customer, $"{order.Customer.Id}")], default));
        foreach (var sql in (string[])
            [
                "delete from order_documents", "delete from order_names", "update order_summaries set total = 0", "truncate order_summaries",
                "insert into order_source (database_id) values (gen_random_uuid())", "drop table order_documents",
                "create table t (id int)", "create temporary table t (id int)", $"set role {prefix}_projector",
                "do $$ begin lock table order_summaries in access exclusive mode; end $$",
            ])
            await RefusedAsync(reader, sql);
        foreach (var sql in (string[])
            [
                "create role other login", "create schema mine", "create temporary table t (id int)",
                "select pg_read_file('PG_VERSION')", $"set role {prefix}_reader",
                "select pg_create_logical_replication_slot('mine', 'pgoutput')",
            ])
            await RefusedAsync(projector, sql);
    }

    [Fact]
    public async Task Tables_of_one_user_are_handed_to_the_roles()
    {
        var administrator = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var before = NpgsqlDataSource.Create(administrator);
        await new PostgreSqlSchema(before).EnsureCreatedAsync(default);

        var (_, prefix) = await PrepareAsync(administrator);

        await using var projector = Source(administrator, $"{prefix}_projector");
        await using var reader = Source(administrator, $"{prefix}_reader");
        Assert.Equal(IndexState.Ready, await new PostgreSqlSchema(projector).EnsureCreatedAsync(default));
        await ExecuteAsync(projector, "drop table order_documents; create table order_documents (id int)");
        await ExecuteAsync(reader, "select * from order_summaries, order_documents");
    }

    private static async Task RefusedAsync(NpgsqlDataSource source, string sql)
    {
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(source, sql));
        Assert.Equal((PostgresErrorCodes.InsufficientPrivilege, sql), (refusal.SqlState, sql));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlDataSource Source(string administrator, string role) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(administrator) { Username = role, Password = Password });

    private static async Task<(string Administrator, string Prefix)> PrepareAsync(string? administrator = null)
    {
        administrator ??= await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        var prefix = $"t{Guid.CreateVersion7():N}";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:readdb"] = administrator,
            ["Roles:Prefix"] = prefix,
            ["Roles:Passwords:projector"] = Password,
            ["Roles:Passwords:reader"] = Password,
        }).Build();
        await MigrationStep.RunAsync(configuration, _ => { }, default);
        return (administrator, prefix);
    }
}
