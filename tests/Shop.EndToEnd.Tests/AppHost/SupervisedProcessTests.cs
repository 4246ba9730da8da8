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
    public void An_unexpected_exit_needs_a_restart(string state)
    {
        Assert.False(_process.NeedsRestart("Running"));
        Assert.True(_process.NeedsRestart(state));
    }

    [Fact]
    public void An_exit_is_reported_once_until_the_process_is_restarted()
    {
        Assert.True(_process.NeedsRestart("Finished"));
        Assert.False(_process.NeedsRestart("Finished"));
        _process.Restarted();
        Assert.True(_process.NeedsRestart("Finished"));
    }

    [Fact]
    public void A_process_that_a_user_stopped_is_not_restarted_until_it_runs_again()
    {
        Assert.False(_process.NeedsRestart("Stopping"));
        Assert.False(_process.NeedsRestart("Finished"));
        Assert.False(_process.NeedsRestart("Running"));
        Assert.True(_process.NeedsRestart("Finished"));
    }

    [Fact]
    public void The_delay_grows_to_30_seconds_and_is_reset_after_a_stable_time()
    {
        var delays = Enumerable.Range(0, 7).Select(_ => _process.NextDelay().TotalSeconds).ToArray();
        Assert.Equal(0.2, delays[0], 3);
        Assert.Equal(0.6, delays[1], 3);
        Assert.Equal(30, delays[6], 3);

        _clock.Advance(TimeSpan.FromSeconds(90));
        Assert.Equal(0.2, _process.NextDelay().TotalSeconds, 3);
    }
}
