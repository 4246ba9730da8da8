using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

/// <summary>The read API's <c>/health/lag</c>: unhealthy within seconds of the limit, naming the broken link.</summary>
public abstract class HealthLagTests(Func<(string, string)[], Task<ReadApiApp>> start)
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2);

    [SkippableFact]
    public async Task A_current_read_store_is_healthy()
    {
        await using var app = await StartAsync();
        await app.SaveFreshnessAsync(TimeProvider.System.GetUtcNow());

        Assert.Equal((HttpStatusCode.OK, null), await GetLagAsync(app));
    }

    [SkippableFact]
    public async Task A_projector_that_never_reports_is_named()
    {
        await using var app = await StartAsync();

        await BecomesUnhealthyAsync(app, "projector:");
    }

    [SkippableFact]
    public async Task A_projector_that_stops_reporting_is_named()
    {
        await using var app = await StartAsync();
        await app.SaveFreshnessAsync(TimeProvider.System.GetUtcNow());

        await BecomesUnhealthyAsync(app, "projector:");
    }

    [SkippableFact]
    public async Task A_projector_that_stopped_is_named_before_the_link_that_it_reported_last()
    {
        await using var app = await StartAsync();
        await GetLagAsync(app); // The first one takes long.
        var now = TimeProvider.System.GetUtcNow();
        await app.SaveFreshnessAsync(now - (MaxLag * 0.45), savedAt: now, "relay: it held the time back for a moment");

        var (_, first) = await Eventually.GetAsync(
            () => GetLagAsync(app),
            lag => lag.Status == HttpStatusCode.ServiceUnavailable
                && lag.Detail?.Contains("has not reported", StringComparison.Ordinal) is false,
            "/health/lag answers 503");

        Assert.StartsWith("projector: its last report is", first, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("relay: its session is down")]
    [InlineData("broker: no connection")]
    public async Task The_link_that_the_projector_reports_is_named(string problem)
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow();

        await app.SaveFreshnessAsync(now - MaxLag * 2, savedAt: now.AddMinutes(1), problem);

        await BecomesUnhealthyAsync(app, problem);
    }

    [SkippableFact]
    public async Task A_reconciliation_that_needs_an_operator_is_unhealthy_without_any_lag()
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow().AddMinutes(1);

        await app.SaveFreshnessAsync(now, now, "reconciliation: the write database is another one");

        await BecomesUnhealthyAsync(app, "reconciliation: the write database is another one");
    }

    [SkippableFact]
    public async Task A_lag_above_the_limit_is_in_the_freshness_of_answers()
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow();

        await app.SaveFreshnessAsync(now - MaxLag * 2, savedAt: now.AddMinutes(1), "relay: it stopped");

        await BecomesUnhealthyAsync(app, "relay: it stopped");
        var freshness = (await app.GetAsync("/orders/search")).GetProperty("freshness");
        Assert.True(freshness.GetProperty("lagMs").GetInt64() >= MaxLag.TotalMilliseconds * 2);
    }

    [SkippableFact]
    public async Task A_partition_that_no_projector_reports_on_is_named()
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow().AddMinutes(1);

        await app.SaveFreshnessAsync(now, now, "relay: no heartbeat", partitions: 3);

        await BecomesUnhealthyAsync(app, "projector: none reports on 2 of 3 partitions.");
    }

    [SkippableFact]
    public async Task The_link_of_the_oldest_partition_is_named()
    {
        await using var app = await StartAsync();
        var now = TimeProvider.System.GetUtcNow();

        await app.SaveFreshnessAsync(now, now.AddMinutes(1), "relay: no heartbeat", partitions: 2);
        await app.SaveFreshnessAsync(now - MaxLag * 2, now.AddMinutes(1), "broker: away", partition: 1, partitions: 2);

        await BecomesUnhealthyAsync(app, "broker: away");
    }

    protected static (string, string)[] Settings => [("Freshness:MaxLag", MaxLag.ToString())];

    private Task<ReadApiApp> StartAsync() => start(Settings);

    private static Task BecomesUnhealthyAsync(ReadApiApp app, string detail) => Eventually.HoldsAsync(
        async () => await GetLagAsync(app) is (HttpStatusCode.ServiceUnavailable, { } found)
            && found.StartsWith(detail, StringComparison.Ordinal),
        $"/health/lag answers 503 with '{detail}'",
        MaxLag + TimeSpan.FromSeconds(10));

    internal static async Task<(HttpStatusCode Status, string? Detail)> GetLagAsync(ReadApiApp app)
    {
        using var response = await app.Client.GetAsync("/health/lag");
        var report = await response.Content.ReadFromJsonAsync<JsonElement>();
        return (response.StatusCode, report.GetProperty("checks")[0].GetProperty("detail").GetString());
    }
}

public sealed class PostgreSqlHealthLagTests() : HealthLagTests(ReadApiApp.StartAsync)
{
    [Fact]
    public async Task A_store_that_does_not_respond_is_named()
    {
        await using var app = ReadApiApp.Start("Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2");

        var (status, detail) = await GetLagAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.StartsWith("store:", detail, StringComparison.Ordinal);
    }
}

public sealed class ElasticsearchHealthLagTests() : HealthLagTests(ReadApiApp.StartOnElasticsearchAsync);
