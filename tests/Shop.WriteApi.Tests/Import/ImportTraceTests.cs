using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Import;

public sealed class ImportTraceTests
{
    private const int Lines = 500;
    private const string StoredTraces = "select count(distinct split_part(traceparent, '-', 2)) from outbox";

    [Fact]
    public async Task Each_imported_order_is_a_trace_of_its_own_linked_to_the_request()
    {
        using var spans = new Spans();
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var api = await WriteApi.StartAsync(connectionString, builder => builder.ConfigureServices(
            services => services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(spans))));
        var lines = Enumerable.Range(0, Lines).Select(i => ImportTests.Line($"trace-{i}", "paid"));
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var caller = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.Recorded }.Start();

        var response = await api.PostAsync("/orders/import", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await response.Content.ReadAsStringAsync();

        Assert.Equal((long)Lines, await api.QueryAsync<long>(StoredTraces));
        await Eventually.HoldsAsync(
            () => Task.FromResult(spans.Ended.Any(span => span.Kind == ActivityKind.Server && IsCallers(span))),
            "The request's span ends");
        Assert.InRange(spans.Ended.Count(IsCallers), 1, 200);
        var orders = spans.Ended.Where(span => span.Links.Any(link => link.Context.TraceId == caller.TraceId)).ToArray();
        Assert.NotEmpty(orders);
        Assert.All(orders, order => Assert.NotEqual(caller.TraceId, order.TraceId));

        bool IsCallers(Activity span) => span.TraceId == caller.TraceId;
    }

    private sealed class Spans : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = new();

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
