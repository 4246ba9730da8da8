using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Import;

public sealed class ImportPropertyTests
{
    private const int Mixes = 25;

    // Good, free, invalid, against a rule, and refused by the database alone.
    private static readonly Gen<string> Lines =
        from key in Gen.Choose(1, 30)
        from kind in Gen.Choose(0, 6)
        select kind switch
        {
            0 => "{ not json",
            1 => ImportTests.Line($"k{key}", "lost"),
            2 => ImportTests.Line($"k{key}", "refunded", price: 0),
            3 => ImportTests.Line($"k{key}").Replace("\"imported\"", "\"refuse me\"", StringComparison.Ordinal),
            4 => ImportTests.Line($"k{key}", "delivered"),
            _ => ImportTests.Line($"k{key}"),
        };

    [Fact]
    public async Task Lines_in_one_body_get_the_outcomes_that_they_get_one_by_one()
    {
        await using var alone = await StartAsync();
        await using var together = await StartAsync();
        var property = Prop.ForAll(
            Lines.NonEmptyListOf().ToArbitrary(), lines => CompareAsync(alone, together, [.. lines]));
        await Task.Run(() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(Mixes).WithEndSize(40), property));
    }

    private static async Task<WriteApi> StartAsync()
    {
        var api = await WriteApi.StartAsync(await (await PostgresServer.GetAsync()).CreateDatabaseAsync());
        await api.ExecuteAsync("alter table orders add constraint ck_test check (note <> 'refuse me')");
        return api;
    }

    private static async Task CompareAsync(WriteApi alone, WriteApi together, string[] lines)
    {
        await alone.ExecuteAsync("truncate orders, customers cascade");
        await together.ExecuteAsync("truncate orders, customers cascade");
        var expected = new List<JsonElement>();
        foreach (var line in lines)
            expected.AddRange(await ImportTests.ImportAsync(alone, line));
        var outcomes = await ImportTests.ImportAsync(together, lines);
        Assert.Equal(expected.Select(outcome => $"{outcome}"), outcomes.Select(outcome => $"{outcome}"));
        const string Stored = "select count(*) || ' ' || coalesce(sum(version), 0) from orders";
        Assert.Equal(await alone.QueryAsync<string>(Stored), await together.QueryAsync<string>(Stored));
    }
}
