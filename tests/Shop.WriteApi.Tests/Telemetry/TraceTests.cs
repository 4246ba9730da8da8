using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.TestHost;
using OpenTelemetry;
using OpenTelemetry.Trace;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Telemetry;

[CollectionDefinition(nameof(TraceTests), DisableParallelization = true)]
[Collection(nameof(TraceTests))]
public sealed class TraceTests : IDisposable
{
    private readonly SpanCollector _spans = new();

    // The tests' own client lives in the same process, and would send a trace context of its own.
    private readonly IDisposable _untraced = SuppressInstrumentationScope.Begin();

    public void Dispose()
    {
        _untraced.Dispose();
        _spans.Dispose();
    }

    [SkippableFact]
    public async Task Background_work_makes_no_traces_and_an_order_is_one_trace_up_to_its_publishing()
    {
        await using var api = await StartAsync();
        _spans.Ended.Clear();
        for (var poll = 0; poll < 20; poll++)
        {
            // Relay, pruning, heartbeats, health and a scheduled reconciliation.
            (await api.Client.GetAsync("/health/lag")).Dispose();
            (await api.Client.GetAsync("/internal/orders/versions")).Dispose();
            await Task.Delay(100);
        }

        Assert.Empty(_spans.Ended.Select(span => $"{span.DisplayName}: {span.GetTagItem("db.query.text")}"));

        await api.OrderAsync();
        await Eventually.HoldsAsync(
            () => Task.FromResult(_spans.Ended.Any(span => span.OperationName.EndsWith(" publish", StringComparison.Ordinal))),
            "the event is published");
        var publish = _spans.Ended.Single(span => span.OperationName.EndsWith(" publish", StringComparison.Ordinal));
        Assert.Contains(_spans.Ended, span => span.Kind == ActivityKind.Server && span.TraceId == publish.TraceId);
        Assert.All(_spans.Ended.Where(span => span.ParentSpanId == default), span => Assert.Equal(ActivityKind.Server, span.Kind));
    }

    [SkippableFact]
    public async Task A_feed_that_is_read_for_a_traced_request_belongs_to_its_trace()
    {
        await using var api = await StartAsync();
        _spans.Ended.Clear();

        await api.SendAsync(HttpMethod.Get, "/internal/orders/versions", body: null,
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));

        await Eventually.HoldsAsync(
            () => Task.FromResult(_spans.Ended.Any(span => span.Kind == ActivityKind.Server)), "the request has a span");
        Assert.All(_spans.Ended, span => Assert.Equal("0af7651916cd43dd8448eb211c80319c", span.TraceId.ToString()));
    }

    [SkippableTheory]
    [InlineData("always_off", null, 0, 0)]
    [InlineData("parentbased_traceidratio", "0.5", 20, 180)]
    [InlineData("always_on", null, 200, 200)]
    [InlineData(null, null, 200, 200)]
    public async Task The_operators_sampler_decides(string? sampler, string? argument, int atLeast, int atMost)
    {
        await using var api = await StartAsync(
            ("OTEL_TRACES_SAMPLER", sampler), ("OTEL_TRACES_SAMPLER_ARG", argument), ("Relay:Enabled", "false"));

        for (var request = 0; request < 200; request++)
            (await api.Client.GetAsync("/products")).Dispose();

        Assert.InRange(_spans.Ended.Count(span => span.Kind == ActivityKind.Server), atLeast, atMost);
    }

    private async Task<WriteApi> StartAsync(params (string Key, string? Value)[] settings)
    {
        var postgres = await PostgresServer.GetAsync();
        var kafka = await KafkaServer.GetAsync();
        var topic = await kafka.CreateTopicAsync();
        return await WriteApi.StartAsync(await postgres.CreateDatabaseAsync(), builder =>
        {
            builder.UseSetting("ConnectionStrings:kafka", kafka.BootstrapServers);
            builder.UseSetting("Relay:Topic", topic);
            builder.UseSetting("Relay:Enabled", "true");
            builder.UseSetting("Relay:PruneInterval", "00:00:00.200");
            foreach (var (key, value) in settings)
                builder.UseSetting(key, value);
            builder.ConfigureTestServices(services =>
                services.ConfigureOpenTelemetryTracerProvider(tracing => tracing.AddProcessor(_spans)));
        });
    }

    private sealed class SpanCollector : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        public override void OnEnd(Activity data) => Ended.Enqueue(data);
    }
}
