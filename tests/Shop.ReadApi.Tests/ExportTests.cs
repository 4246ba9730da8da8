using System.Diagnostics;
using System.Net;
using System.Text;
using Shop.Contracts;
using Shop.ReadApi.Export;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

public abstract class ExportTests(ReadApiFixture fixture)
{
    [SkippableFact]
    public async Task An_export_has_everything_that_a_search_finds_as_it_is_stored()
    {
        var app = await fixture.GetAsync();
        var word = $"w{Guid.CreateVersion7():N}";
        OrderDocument[] orders =
        [
            .. Enumerable.Range(0, 450).Select(i => ReadApiApp.Order(word) is var order
                ? order with { PlacedAt = order.PlacedAt.AddMinutes(i) }
                : null!),
        ];
        await app.ApplyAsync([.. orders, ReadApiApp.Order("other")]);

        var response = await app.Client.GetAsync($"/orders/export?q={word}");

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.ToString());
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            orders.Reverse().Select(order => Encoding.UTF8.GetString(SerializedOrder.From(order).Json.Span)), lines);
    }

    [SkippableTheory]
    [InlineData("format=csv", "*/*", "text/csv")]
    [InlineData("", "text/csv", "text/csv")]
    [InlineData("format=ndjson", "text/csv", "application/x-ndjson")]
    [InlineData("", "text/html, */*;q=0.8", "application/x-ndjson")]
    [InlineData("", "TEXT/CSV", "text/csv")]
    [InlineData("", "text/csv;q=0", "application/x-ndjson")]
    [InlineData("", "text/csv;q=0.5, application/x-ndjson", "application/x-ndjson")]
    [InlineData("", ";;nonsense", "application/x-ndjson")]
    public async Task The_format_is_the_one_that_was_asked_for(string query, string accept, string type)
    {
        var app = await fixture.GetAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/orders/export?customerId={Guid.Empty}&{query}");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        var response = await app.Client.SendAsync(request);

        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(["Accept"], response.Headers.Vary);
    }

    [SkippableFact]
    public async Task No_cell_of_a_CSV_file_is_a_formula_or_ends_early()
    {
        var app = await fixture.GetAsync();
        var order = ReadApiApp.Order("=cmd|' /C calc'!A0") with
        {
            ShippingAddress = new("a \"b\", c\r\nd", "+1", "-2", "@x", "DE"),
        };
        await app.ApplyAsync(order);

        var csv = await app.Client.GetStringAsync($"/orders/export?format=csv&customerId={order.Customer.Id}");

        Assert.StartsWith("number,id,version,status,", csv, StringComparison.Ordinal);
        Assert.Contains(",\"a \"\"b\"\", c\r\nd\",\"'+1\",\"'-2\",\"'@x\",\"DE\",", csv, StringComparison.Ordinal);
        Assert.EndsWith(",\"'=cmd|' /C calc'!A0\"\r\n", csv, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("format=xlsx")]
    [InlineData("status=lost")]
    public async Task What_is_wrong_is_refused(string query)
    {
        var app = await fixture.GetAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await app.Client.GetAsync($"/orders/export?{query}")).StatusCode);
    }
}

public sealed class CsvRowTests
{
    [Theory]
    [InlineData("=1", "\"'=1\"")]
    [InlineData("  =1", "\"'  =1\"")]
    [InlineData("\"=1", "\"'\"\"=1\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("＝1", "\"'＝1\"")]
    [InlineData("a=1", "\"a=1\"")]
    [InlineData("", "")]
    public void A_cell_is_never_a_formula(string text, string cell) => Assert.Equal(cell, CsvRow.Cell(text));
}

public sealed class PostgreSqlExportTests(OnPostgreSql app) : ExportTests(app), IClassFixture<OnPostgreSql>
{
    [Fact]
    public async Task An_export_is_aborted_when_the_service_stops()
    {
        await using var stopped = await ReadApiApp.StartAsync(ReadApiApp.RealServer);
        await stopped.ApplyAsync([.. Enumerable.Range(0, 3_000).Select(_ => ReadApiApp.Order(new string('x', 2_000)))]);
        using var response = await stopped.Client.GetAsync("/orders/export", HttpCompletionOption.ResponseHeadersRead);

        stopped.Stop();

        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => response.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task An_export_works_for_a_share_of_its_time()
    {
        await using var busy = await ReadApiApp.StartAsync(("Export:Share", "1"));
        await busy.ApplyAsync([.. Enumerable.Range(0, 1_000).Select(_ => ReadApiApp.Order(new string('x', 2_000)))]);
        await using var resting = busy.AnotherReplica(("Export:Share", "0.01"));
        await ExportAsync(busy);
        await ExportAsync(resting);

        var (quick, slow) = (await ExportAsync(busy), await ExportAsync(resting));

        Assert.True(slow > 10 * quick, $"{slow} is not more than ten times {quick}");

        static async Task<TimeSpan> ExportAsync(ReadApiApp app)
        {
            var started = Stopwatch.GetTimestamp();
            await app.Client.GetByteArrayAsync("/orders/export");
            return Stopwatch.GetElapsedTime(started);
        }
    }

    [SkippableFact]
    public async Task Exports_at_a_time_are_limited_and_free_again_when_the_client_leaves()
    {
        await using var app = await ReadApiApp.StartAsync(("Export:MaxConcurrent", "1"));
        await app.ApplyAsync([.. Enumerable.Range(0, 1_000).Select(i => ReadApiApp.Order(new string('x', 2_000)))]);
        using (await app.Client.GetAsync("/orders/export", HttpCompletionOption.ResponseHeadersRead))
        {
            using var refused = await app.Client.GetAsync("/orders/export");
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Contains("\"code\":\"export.busy\"", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await Eventually.HoldsAsync(
            async () => (await app.Client.GetAsync("/orders/export?status=placed")).StatusCode == HttpStatusCode.OK,
            "an export is possible again");
    }
}

public sealed class ElasticsearchExportTests(OnElasticsearch app) : ExportTests(app), IClassFixture<OnElasticsearch>;

public sealed class SuspendedExportTests
{
    [SkippableFact]
    public async Task An_export_whose_session_hangs_leaves_its_place_when_the_client_has_left()
    {
        Skip.If(OperatingSystem.IsWindows(), "A process is suspended with kill.");
        await using var app = await ReadApiApp.StartAsync(("Export:MaxConcurrent", "1"), ("Export:Share", "0.01"));
        await app.ApplyAsync([.. Enumerable.Range(0, 1_000).Select(_ => ReadApiApp.Order(new string('x', 2_000)))]);
        var response = await app.Client.GetAsync("/orders/export", HttpCompletionOption.ResponseHeadersRead);
        var session = await Eventually.GetAsync(
            () => RestingSessionAsync(app), session => session is not null, "The export rests");
        await SignalAsync("STOP", session!.Value);
        try
        {
            response.Dispose();

            await Eventually.HoldsAsync(
                async () =>
                {
                    using var other = await app.Client.GetAsync("/orders/export", HttpCompletionOption.ResponseHeadersRead);
                    return other.StatusCode == HttpStatusCode.OK;
                },
                "another export is possible",
                TimeSpan.FromSeconds(90));
        }
        finally
        {
            await SignalAsync("CONT", session.Value);
        }
    }

    private static async Task<int?> RestingSessionAsync(ReadApiApp app)
    {
        await using var command = app.Database.CreateCommand(
            """
            select pid from pg_stat_activity
            where datname = current_database() and state = 'idle in transaction' and query like 'FETCH%'
            """);
        return (int?)await command.ExecuteScalarAsync();
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
