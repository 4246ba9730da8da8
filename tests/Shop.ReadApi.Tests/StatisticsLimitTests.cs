using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Npgsql;
using Shop.ReadApi.Orders;
using Shop.ServiceDefaults.Limits;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

/// <summary>Statistics wait for their turn, and never hold up anything else.</summary>
public sealed class StatisticsLimitTests
{
    private const string Statistics = "/orders/statistics";

    private const string Waiting = """
        select count(*)::int from pg_stat_activity
        where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and wait_event_type = 'Lock'
        """;

    [Fact]
    public async Task Statistics_above_their_number_wait_for_their_turn_and_above_the_queue_they_get_429()
    {
        await using var shop = await SlowShop.StartAsync(("Statistics:MaxConcurrent", "1"), ("Statistics:MaxQueued", "1"));
        await shop.HoldUpAsync();
        var running = shop.Client.GetAsync(Statistics);
        await shop.WaitUntilHeldUpAsync(1);

        List<Task<HttpResponseMessage>> others = [shop.Client.GetAsync(Statistics), shop.Client.GetAsync(Statistics)];
        var first = await Task.WhenAny(others);
        others.Remove(first);

        using var refused = await first;
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("statistics.busy", problem.GetProperty("code").GetString());
        await shop.WaitUntilHeldUpAsync(1);
        await shop.ReleaseAsync();
        foreach (var response in await Task.WhenAll(running, others.Single()))
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Statistics_that_have_waited_for_their_turn_for_too_long_get_429()
    {
        await using var shop = await SlowShop.StartAsync(
            ("Statistics:MaxConcurrent", "1"), ("Statistics:MaxWait", "00:00:00.05"));
        await shop.HoldUpAsync();
        var running = shop.Client.GetAsync(Statistics);
        await shop.WaitUntilHeldUpAsync(1);

        using var refused = await shop.Client.GetAsync(Statistics);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        await shop.ReleaseAsync();
        Assert.Equal(HttpStatusCode.OK, (await running).StatusCode);
    }

    [Fact]
    public async Task Searches_are_answered_while_statistics_are_held_up()
    {
        await using var shop = await SlowShop.StartAsync(("Statistics:MaxConcurrent", "1"), ("Statistics:MaxQueued", "1"));
        await shop.HoldUpAsync();
        var statistics = Enumerable.Range(0, 40).Select(_ => shop.Client.GetAsync(Statistics)).ToList();
        await shop.WaitUntilHeldUpAsync(1);

        foreach (var url in (string[])
            ["/orders/search?q=lamp", "/orders/search?facets=status,day", "/orders/suggest?q=lamp", "/customers/search?q=duc"])
        {
            using var response = await shop.Client.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await shop.ReleaseAsync();
        var responses = await Task.WhenAll(statistics);
        Assert.Equal(2, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_client_that_gives_up_frees_its_turn()
    {
        await using var shop = await SlowShop.StartAsync(("Statistics:MaxConcurrent", "1"), ("Statistics:MaxQueued", "0"));
        await shop.HoldUpAsync();
        using var patience = new CancellationTokenSource();
        var abandoned = shop.Client.GetAsync(Statistics, patience.Token);
        await shop.WaitUntilHeldUpAsync(1);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        await shop.WaitUntilHeldUpAsync(0);
        var next = await Eventually.GetAsync(
            () => shop.StartedAsync(Statistics), response => response is not null, "another one has its turn");
        await shop.ReleaseAsync();

        Assert.Equal(HttpStatusCode.OK, (await next!).StatusCode);
    }

    [Fact]
    public async Task A_client_that_gives_up_frees_its_place_in_the_queue()
    {
        using var limiter = Limiter(queued: 1);
        var running = await limiter.WaitForTurnAsync(Caller("ada"), default);
        using var patience = new CancellationTokenSource();
        var abandoned = limiter.WaitForTurnAsync(Caller("bob"), patience.Token).AsTask();

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        var next = limiter.WaitForTurnAsync(Caller("bob"), default).AsTask();
        running!.Dispose();

        Assert.NotNull(await next);
    }

    [Fact]
    public async Task An_identity_with_many_requests_does_not_delay_the_others()
    {
        using var limiter = Limiter(queued: 5);
        List<string> turns = [];
        var running = await limiter.WaitForTurnAsync(Caller("ada"), default);
        var waiting = ((string[])["ada", "ada", "bob", "ada", "eve"]).Select(TakeTurnAsync).ToList();

        running!.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(["bob", "eve", "ada", "ada", "ada"], turns);

        async Task TakeTurnAsync(string identity)
        {
            using var turn = await limiter.WaitForTurnAsync(Caller(identity), default);
            turns.Add(identity);
        }
    }

    private static StatisticsLimiter Limiter(int queued) => new(
        Options.Create(new StatisticsOptions { MaxConcurrent = 1, MaxQueued = queued, MaxWait = TimeSpan.FromMinutes(1) }),
        Options.Create(new LimitOptions { IncludeLoopback = true }));

    private static DefaultHttpContext Caller(string identity) =>
        new() { User = new ClaimsPrincipal(new ClaimsIdentity([new("sub", identity)], "test")) };

    /// <summary>A read API whose statistics, and nothing else, wait for a lock.</summary>
    private sealed class SlowShop(ReadApiApp app, NpgsqlDataSource database) : IAsyncDisposable
    {
        private const long Lock = 4711;
        private NpgsqlConnection? _holder;

        public HttpClient Client => app.Client;

        public static async Task<SlowShop> StartAsync(params (string Name, string Value)[] settings)
        {
            var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
            var app = await ReadApiApp.StartAsync(
                [("ConnectionStrings:readdb", connectionString), ("Statistics:MaxWait", "00:01:00"), .. settings]);
            await app.ApplyAsync(ReadApiApp.Order("slow"));
            var shop = new SlowShop(app, NpgsqlDataSource.Create(connectionString));
            await shop.ExecuteAsync($"""
                create function is_free() returns boolean language plpgsql as $$
                begin
                    if current_query() like '%GROUPING SETS ((currency)%' then
                        perform pg_advisory_xact_lock_shared({Lock});
                    end if;
                    return true;
                end $$;
                alter table order_summaries rename to summaries;
                create view order_summaries as select * from summaries where is_free();
                """);
            return shop;
        }

        public async Task HoldUpAsync()
        {
            _holder = await database.OpenConnectionAsync();
            await using var command = new NpgsqlCommand($"select pg_advisory_lock({Lock})", _holder);
            await command.ExecuteNonQueryAsync();
        }

        public async Task ReleaseAsync()
        {
            await using var command = new NpgsqlCommand($"select pg_advisory_unlock({Lock})", _holder);
            await command.ExecuteNonQueryAsync();
        }

        public Task WaitUntilHeldUpAsync(int statements) =>
            Eventually.HoldsAsync(async () => await HeldUpAsync() == statements, $"{statements} statements wait");

        /// <returns>The request, once its statement waits for the lock; null if it was refused.</returns>
        public async Task<Task<HttpResponseMessage>?> StartedAsync(string url)
        {
            var request = Client.GetAsync(url);
            while (!request.IsCompleted && await HeldUpAsync() == 0)
                await Task.Yield();
            return request.IsCompleted ? null : request;
        }

        public async ValueTask DisposeAsync()
        {
            if (_holder is { } holder)
                await holder.DisposeAsync();
            await database.DisposeAsync();
            await app.DisposeAsync();
        }

        private async Task<int> HeldUpAsync()
        {
            await using var command = database.CreateCommand(Waiting);
            return (int)(await command.ExecuteScalarAsync())!;
        }

        private async Task ExecuteAsync(string sql)
        {
            await using var command = database.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}
