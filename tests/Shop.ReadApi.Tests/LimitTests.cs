using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

/// <summary>What one caller can take of the read API.</summary>
public sealed class LimitTests
{
    private const string Running = """
        select count(*) from pg_stat_activity
        where datname = current_database() and state = 'active' and pid <> pg_backend_pid()
            and wait_event_type = 'Lock'
        """;

    [Fact]
    public async Task A_search_that_takes_too_long_is_503_and_its_statement_is_cancelled()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var app = await ReadApiApp.StartAsync(
            ("ConnectionStrings:readdb", connectionString), ("Queries:Timeout", "00:00:01"));
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("lock table order_summaries", connection))
            await locking.ExecuteNonQueryAsync();

        var watch = Stopwatch.StartNew();
        using var response = await app.Client.GetAsync("/orders/search?q=lamp");

        // A query of the store has 5 s.
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.9, 4);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(response.Headers.RetryAfter);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("read-side.unavailable", problem.GetProperty("code").GetString());
        await using var counting = database.CreateCommand(Running);
        await Eventually.HoldsAsync(
            async () => await counting.ExecuteScalarAsync() is 0L, "No statement of the service waits");
    }

    [Fact]
    public async Task A_statement_uses_one_core_of_the_database()
    {
        await using var app = await ReadApiApp.StartAsync();
        await using var command = app.Database.CreateCommand("show max_parallel_workers_per_gather");

        Assert.Equal("0", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Streams_of_an_identity_above_their_number_get_429_and_another_one_when_one_has_ended()
    {
        await using var app = await ReadApiApp.StartAsync(
            ("Limits:IncludeLoopback", "true"), ("Live:MaxStreamsPerIdentity", "2"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var first = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token);
        await using (var second = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token))
        {
            await second.ReadAsync(1);
            using var refused = await app.Client.GetAsync("/orders/live");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("request.too-many", problem.GetProperty("code").GetString());
        }

        await Eventually.HoldsAsync(async () =>
        {
            await using var next = await LiveClient.ConnectAsync(app, "/orders/live", null, deadline.Token);
            return next.Status == HttpStatusCode.OK;
        }, "a stream is free again");
    }

    [Fact]
    public async Task Exports_of_an_identity_above_their_number_get_429_and_another_one_when_one_has_ended()
    {
        await using var app = await ReadApiApp.StartAsync(("Limits:IncludeLoopback", "true"));
        await app.ApplyAsync([.. Enumerable.Range(0, 1_000).Select(i => ReadApiApp.Order(new string('x', 2_000)))]);
        using (await app.Client.GetAsync("/orders/export", HttpCompletionOption.ResponseHeadersRead))
        {
            using var refused = await app.Client.GetAsync("/orders/export");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("request.too-many", problem.GetProperty("code").GetString());
        }

        await Eventually.HoldsAsync(
            async () => (await app.Client.GetAsync("/orders/export?status=paid")).StatusCode == HttpStatusCode.OK,
            "an export is possible again");
    }
}
