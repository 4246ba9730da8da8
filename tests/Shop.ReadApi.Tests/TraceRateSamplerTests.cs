using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OpenTelemetry.Trace;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.ReadApi.Tests;

public sealed class TraceRateSamplerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Of_many_traces_so_many_a_second_are_kept_and_of_few_all()
    {
        var sampler = new TraceRateSampler(10, _time);

        Assert.Equal(10, Kept(sampler, of: 1_000));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(2, Kept(sampler, of: 1_000));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(10, Kept(sampler, of: 1_000));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(7, Kept(sampler, of: 7));
    }

    private static int Kept(TraceRateSampler sampler, int of) => Enumerable.Range(0, of).Count(_ =>
        sampler.ShouldSample(new(default, ActivityTraceId.CreateRandom(), "POST /orders", ActivityKind.Server))
            .Decision == SamplingDecision.RecordAndSample);
}
