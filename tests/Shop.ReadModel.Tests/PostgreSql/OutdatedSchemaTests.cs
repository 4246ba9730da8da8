using System.Diagnostics;
using Npgsql;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>Tables of another version of Shop, or of somebody else.</summary>
public sealed class OutdatedSchemaTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private static readonly OrderQuery InGermany =
        Orders.All with { Filters = OrderFilters.None with { Countries = ["DE"] } };

    [SkippableFact]
    public async Task Tables_without_a_column_take_writes_and_serve_until_they_are_replaced()
    {
        var store = await stores.CreateAsync();
        var (before, during) = (Orders.New(), Orders.New());
        await MakeOutdatedAsync("DROP COLUMN country");

        Assert.Equal(IndexState.Outdated, await store.Index.EnsureCreatedAsync(default));
        await store.ApplyAsync(before);
        await store.ApplyAsync(before.At(version: 2));
        await store.Generations!.CreateShadowAsync(default);
        await store.ApplyAsync(during);
        await store.Generations.Shadow.ApplyAsync([before.At(version: 2)], default);
        Assert.Equal(2, (await store.SearchAsync(Orders.All)).Orders.Count);
        await store.Generations.CutOverAsync(default);

        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
        await store.ApplyAsync(before.At(version: 3));
        Assert.Equal(2, (await store.SearchAsync(InGermany)).Orders.Count);
    }

    [SkippableFact]
    public async Task A_document_that_only_outdated_tables_reject_is_stored_in_the_shadow()
    {
        var store = await stores.CreateAsync();
        await MakeOutdatedAsync("ADD COLUMN needed text NOT NULL");
        var order = Orders.New();
        Assert.Equal(IndexResult.Rejected, Assert.Single(await store.ApplyAsync(order)).Result);

        await store.Generations!.CreateShadowAsync(default);
        Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(order)).Result);
        await store.Generations.CutOverAsync(default);

        Assert.Equal([new(order.Id, 1)], await store.VersionsAsync());
        Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(order.At(version: 2))).Result);
    }

    [SkippableFact]
    public async Task Rebuilt_tables_have_the_indexes_of_new_ones()
    {
        var store = await stores.CreateAsync();
        var made = await IndexesAsync();
        await MakeOutdatedAsync("DROP COLUMN country");

        await store.Generations!.CreateShadowAsync(default);
        await stores.ExecuteAsync("CREATE INDEX ON order_summaries_shadow USING gin (search, skus, categories)");
        await stores.ExecuteAsync("""
            UPDATE pg_index SET indisvalid = false
            WHERE indrelid = 'order_summaries_shadow'::regclass AND NOT indisprimary
            """); // As a build that was cut short leaves it.
        await store.Generations.CutOverAsync(default);

        Assert.Equal(8, made.Length);
        Assert.Equal(made.Order(), (await IndexesAsync()).Order());
    }

    [SkippableTheory]
    [InlineData("order_summaries")]
    [InlineData("order_summaries_shadow")]
    [InlineData("order_summaries_previous")]
    public async Task Somebody_elses_table_with_one_of_our_names_is_refused_and_kept(string table)
    {
        var store = await stores.CreateAsync();
        await stores.ExecuteAsync(
            $"DROP TABLE order_summaries, order_documents; CREATE TABLE {table} AS SELECT 1 AS id");

        var refusal = await Assert.ThrowsAsync<ReadStoreUnavailableException>(
            () => store.Index.EnsureCreatedAsync(default));

        Assert.Contains($"table {table} that Shop did not create", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => store.Generations!.CreateShadowAsync(default));
        Assert.Equal(1, await stores.QueryAsync<int>($"SELECT id FROM {table}"));
        Assert.Contains(table, (await stores.Schema.FindProblemAsync(default))!.Description, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_reader_verifies_the_schema_and_creates_nothing()
    {
        var store = await stores.CreateAsync();
        Assert.Null(await stores.Schema.FindProblemAsync(default));
        await MakeOutdatedAsync("DROP COLUMN country");
        Assert.Contains("definition", (await stores.Schema.FindProblemAsync(default))!.Description, StringComparison.Ordinal);

        await stores.ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");

        Assert.Contains("projector", (await stores.Schema.FindProblemAsync(default))!.Description, StringComparison.Ordinal);
        Assert.Equal(0, await stores.QueryAsync<long>("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
        await store.Index.EnsureCreatedAsync(default);
        Assert.Null(await stores.Schema.FindProblemAsync(default));
    }

    [SkippableTheory]
    [InlineData("ALTER TABLE order_summaries_shadow ADD CHECK (version < 0)")]
    [InlineData("""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full';
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON order_documents_shadow FOR EACH ROW EXECUTE FUNCTION refuse()
        """)]
    public async Task A_shadow_that_refuses_writes_is_given_up_and_live_writes_go_on(string refuse)
    {
        var store = await stores.CreateAsync();
        await store.Generations!.CreateShadowAsync(default);
        await stores.ExecuteAsync(refuse);

        for (var i = 0; i < 40; i++)
            Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(Orders.New())).Result);

        Assert.Equal(40, (await store.SearchAsync(Orders.All with { Size = 40 })).Orders.Count);
        var state = await store.Generations.ReadAsync(default);
        Assert.Equal((null, RebuildOutcome.GivenUp), (state.Shadow, state.Last!.Outcome));
    }

    [SkippableFact]
    public async Task A_shadow_that_is_locked_holds_up_live_writes_once_and_briefly()
    {
        var store = await stores.CreateAsync();
        await store.Generations!.CreateShadowAsync(default);
        await using var connection = await stores.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locking = new NpgsqlCommand("LOCK TABLE order_summaries_shadow", connection, transaction);
        await locking.ExecuteNonQueryAsync();

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 5; i++)
            Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(Orders.New())).Result);

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        Assert.Equal(RebuildOutcome.GivenUp, (await store.Generations.ReadAsync(default)).Last!.Outcome);
        await transaction.RollbackAsync();
        await store.Generations.CreateShadowAsync(default);
        await store.Generations.CutOverAsync(default);
    }

    private Task<string[]> IndexesAsync() => stores.QueryAsync<string[]>("""
        SELECT array_agg(substring(pg_get_indexdef(indexrelid) FROM 'USING.*')) FROM pg_index
        WHERE indrelid = 'order_summaries'::regclass AND indisvalid
        """);

    private Task MakeOutdatedAsync(string change) => stores.ExecuteAsync(
        $"ALTER TABLE order_summaries {change}; COMMENT ON TABLE order_summaries IS 'shop:0123456789abcdef'");
}
