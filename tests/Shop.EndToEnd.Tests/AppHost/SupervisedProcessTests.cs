using Microsoft.Extensions.Time.Testing;
using Shop.AppHost.Hosting;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class SupervisedProcessTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly SupervisedProcess _process;

    public SupervisedProcessTests() => _process = new(_clock);

    [Theory]
    [InlineData("Finished")]
    [InlineData("Exited")]
    [InlineData("FailedToStart")]
    public void An_end_that_nobody_asked_for_is_a_death(string state)
    {
        Assert.False(_process.IsDeath("Running"));
        Assert.True(_process.IsDeath(state));
    }

    [Fact]
    public void A_death_is_seen_to_once()
    {
        Assert.True(_process.IsDeath("Finished"));
        Assert.False(_process.IsDeath("Finished"));
        _process.Restarted();
        Assert.True(_process.IsDeath("Finished"));
    }

    [Fact]
    public void What_a_person_stopped_is_no_death_until_it_runs_again()
    {
        Assert.False(_process.IsDeath("Stopping"));
        Assert.False(_process.IsDeath("Finished"));
        Assert.False(_process.IsDeath("Running"));
        Assert.True(_process.IsDeath("Finished"));
    }

    [Fact]
    public void The_delay_grows_to_half_a_minute_and_shrinks_after_a_quiet_time()
    {
        var delays = Enumerable.Range(0, 7).Select(_ => _process.NextDelay().TotalSeconds).ToArray();
        Assert.Equal(0.2, delays[0], 3);
        Assert.Equal(0.6, delays[1], 3);
        Assert.Equal(30, delays[6], 3);

        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(0.2, _process.NextDelay().TotalSeconds, 3);
    }
}
