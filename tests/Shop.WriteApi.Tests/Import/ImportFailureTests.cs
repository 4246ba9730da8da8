using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Import;

/// <summary>Imports that end before their last line, and what their callers see.</summary>
public sealed class ImportFailureTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // Orders without a line, an event or an outbox row.
    internal const string Torn = """
        select count(*) from orders o
        where not exists (select from order_lines where order_id = o.id)
            or (select count(*) from order_events where order_id = o.id) <> o.version
            or (select count(*) from outbox where order_id = o.id) <> o.version
        """;

    // At the commit, which is where "created" would be too early.
    private const string DiskIsFull = """
        create function fail_on_full_disk() returns trigger language plpgsql as $$
            begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
        create constraint trigger disk_is_full after insert on outbox deferrable initially deferred
            for each row execute function fail_on_full_disk();
        """;

    [Fact]
    public async Task A_client_that_never_reads_is_disconnected_and_its_outcomes_take_bounded_space()
    {
        await using var api = await StartAsync(("Import:StallTimeout", "00:00:01"), ("Import:MaxSpoolBytes", "100000"));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /orders/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
            + "Content-Length: 1000000000\r\n\r\n"));
        var lines = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("x\n", 20_000)));

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
                await stream.WriteAsync(lines).AsTask().WaitAsync(Patience);
        });

        await ImportTests.ImportAsync(api, ImportTests.Line("the service goes on"));
    }

    [Fact]
    public async Task A_client_that_disconnects_midway_leaves_whole_orders_and_repeats_the_import()
    {
        await using var api = await ImportClientTests.StartAsync("Http2");
        string[] lines = [.. Enumerable.Range(0, 1_500).Select(i => ImportTests.Line($"gone-{i}", "delivered"))];
        using (var client = new HttpClient { BaseAddress = api.Client.BaseAddress })
        {
            var body = new SteppedBody();
            using var request = body.ToRequest();
            var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            await body.WriteAsync(string.Join('\n', lines[..1_200]));
            using var response = await sent.WaitAsync(Patience);
        }

        Assert.Equal(0, await api.QueryAsync<long>(Torn));
        await RepeatAsync(api, lines);
        Assert.Equal(0, await api.QueryAsync<long>(Torn));
    }

    [Fact]
    public async Task An_import_during_which_the_database_goes_away_ends_with_a_line_that_says_so()
    {
        await using var server = await LocalPostgres.CreateAsync();
        await using var api = await ImportClientTests.StartAsync("Http2", server.ConnectionString);
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var body = new SteppedBody();
        using var request = body.ToRequest();
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(ImportTests.Line("before") + "\n");
        using var response = await sent.WaitAsync(Patience);
        using var outcomes = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("created", OutcomeOf(await outcomes.ReadLineAsync().WaitAsync(Patience)));

        await server.KillAsync();
        await body.WriteAsync(ImportTests.Line("after") + "\n");

        var last = await outcomes.ReadLineAsync().WaitAsync(Patience);
        Assert.Equal("failed", OutcomeOf(last));
        Assert.Contains("server.unavailable: The write database", last, StringComparison.Ordinal);
        // The rest is read, so that a client that writes everything first gets to read this line.
        await body.WriteAsync(string.Concat(Enumerable.Repeat(ImportTests.Line("rest") + "\n", 20_000)));
        body.End();
        Assert.Null(await outcomes.ReadLineAsync().WaitAsync(Patience));
        using var early = new StringContent(ImportTests.Line("too early"));
        var refused = await api.PostAsync("/orders/import", early);
        Assert.Equal("server.unavailable", await refused.ReadCodeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.NotNull(refused.Headers.RetryAfter);

        await server.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await api.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "The write API is ready again");
        Assert.Equal(["exists", "created"], await RepeatAsync(api, ImportTests.Line("before"), ImportTests.Line("after")));
    }

    [Fact]
    public async Task An_import_that_fills_the_disk_of_the_database_says_so_and_is_completed_by_repeating_it()
    {
        await using var api = await ImportClientTests.StartAsync("Http2");
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var body = new SteppedBody();
        using var request = body.ToRequest();
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(ImportTests.Line("before") + "\n");
        using var response = await sent.WaitAsync(Patience);
        using var outcomes = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal("created", OutcomeOf(await outcomes.ReadLineAsync().WaitAsync(Patience)));
        await api.ExecuteAsync(DiskIsFull);

        await body.WriteAsync(ImportTests.Line("after") + "\n");

        var last = await outcomes.ReadLineAsync().WaitAsync(Patience);
        Assert.Equal("failed", OutcomeOf(last));
        Assert.Contains("server.unavailable: The write database has no disk space", last, StringComparison.Ordinal);
        body.End();
        Assert.Null(await outcomes.ReadLineAsync().WaitAsync(Patience));
        using var early = new StringContent(ImportTests.Line("too early"));
        var refused = await api.PostAsync("/orders/import", early);
        Assert.Contains("no disk space", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);

        await api.ExecuteAsync("drop trigger disk_is_full on outbox");
        Assert.Equal(["exists", "created"], await RepeatAsync(api, ImportTests.Line("before"), ImportTests.Line("after")));
        Assert.Equal(0, await api.QueryAsync<long>(Torn));
    }

    [Fact]
    public async Task An_import_whose_outcomes_cannot_be_kept_ends_with_a_line_that_says_so()
    {
        await using var api = await StartAsync(
            ("Import:SpoolFolder", Path.Combine(Path.GetTempPath(), $"missing-{Guid.CreateVersion7():N}")));
        using var body = new StringContent(ImportTests.LongLines, Encoding.UTF8, "application/x-ndjson");

        var response = await api.PostAsync("/orders/import", body).WaitAsync(Patience);

        var outcomes = (await response.Content.ReadAsStringAsync()).TrimEnd().Split('\n');
        Assert.InRange(outcomes.Length, 500, ImportTests.LongLinesCount);
        Assert.All(outcomes.SkipLast(1), line => Assert.Equal("rejected", OutcomeOf(line)));
        Assert.Equal("failed", OutcomeOf(outcomes[^1]));
        Assert.Contains("server.unavailable: The service has no space", outcomes[^1], StringComparison.Ordinal);
    }

    /// <returns>The outcomes, once each line has one, in order, and each key one order.</returns>
    internal static async Task<string[]> RepeatAsync(WriteApi api, params string[] lines)
    {
        var outcomes = await ImportTests.ImportAsync(api, lines);
        Assert.Equal(lines.Select(KeyOf), outcomes.Select(outcome => outcome.GetProperty("key").GetString()));
        Assert.Equal(lines.Length, await api.QueryAsync<long>("select count(*) from orders"));
        string[] all = [.. outcomes.Select(outcome => outcome.GetProperty("outcome").GetString()!)];
        Assert.All(all, outcome => Assert.True(outcome is "created" or "exists", outcome));
        return all;
    }

    private static async Task<WriteApi> StartAsync(params (string Name, string Value)[] settings) =>
        await WriteApi.StartAsync(await (await PostgresServer.GetAsync()).CreateDatabaseAsync(), builder =>
        {
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        });

    private static string? KeyOf(string line) => JsonElement.Parse(line).GetProperty("key").GetString();

    private static string? OutcomeOf(string? line) => JsonElement.Parse(line!).GetProperty("outcome").GetString();
}
