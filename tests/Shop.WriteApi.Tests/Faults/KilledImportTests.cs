using System.Text;
using System.Text.Json;
using Npgsql;
using Shop.Testing;
using Shop.WriteApi.Tests.Import;

namespace Shop.WriteApi.Tests.Faults;

public sealed class KilledImportTests
{
    private const int Lines = 6_000;

    [Fact]
    public async Task An_import_that_is_killed_midway_leaves_whole_orders_and_is_completed_by_repeating_it()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var api = new WriteApiProcess(connectionString);
        await api.StartAsync();
        var killed = ImportAsync(api);
        await Eventually.HoldsAsync(
            async () => await CountAsync(database, "select count(*) from orders") > 0, "Some lines are imported");
        await api.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => killed);
        var before = await CountAsync(database, "select count(*) from orders");
        Assert.InRange(before, 1, Lines - 1);
        Assert.Equal(0L, await CountAsync(database, ImportFailureTests.Torn));

        await api.StartAsync();
        var outcomes = await ImportAsync(api);

        Assert.Equal(Enumerable.Range(0, Lines).Select(i => $"killed-{i}"), outcomes.Select(outcome => outcome.Key));
        Assert.Equal(before, outcomes.Count(outcome => outcome.Outcome == "exists"));
        Assert.Equal(Lines - before, outcomes.Count(outcome => outcome.Outcome == "created"));
        Assert.Equal(Lines, await CountAsync(database, "select count(*) from orders"));
        Assert.Equal(0L, await CountAsync(database, ImportFailureTests.Torn));
    }

    private static async Task<(string? Key, string? Outcome)[]> ImportAsync(WriteApiProcess api)
    {
        var lines = Enumerable.Range(0, Lines).Select(i => ImportTests.Line($"killed-{i}", "shipped"));
        using var body = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var response = await api.Client.PostAsync("/orders/import", body);
        var outcomes = (await response.Content.ReadAsStringAsync()).TrimEnd().Split('\n');
        return [.. outcomes.Select(line => JsonElement.Parse(line)).Select(outcome =>
            (outcome.GetProperty("key").GetString(), outcome.GetProperty("outcome").GetString()))];
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
