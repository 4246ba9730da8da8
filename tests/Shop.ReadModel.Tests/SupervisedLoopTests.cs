using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.ServiceDefaults.Background;
using Shop.Testing;

namespace Shop.ReadModel.Tests;

public sealed class SupervisedLoopTests
{
    [Fact]
    public async Task A_loop_that_throws_is_counted_and_run_again_and_the_process_goes_on()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddMetrics().AddSingleton(TimeProvider.System).AddSingleton<LoopServices>();
        builder.Services.AddSingleton<FailingLoop>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<FailingLoop>());
        using var host = builder.Build();
        using var counted = new CounterProbe(
            host.Services.GetRequiredService<IMeterFactory>(), "shop.background.failures");
        var loop = host.Services.GetRequiredService<FailingLoop>();

        await host.StartAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(loop.Successes > 2), "the loop goes on");
        Assert.Null(loop.LastError);
        Assert.Equal(4, counted.Sum);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        Assert.False(lifetime.ApplicationStopping.IsCancellationRequested);
        await host.StopAsync();
    }

    /// <summary>Fails in each way that a step can fail, then succeeds.</summary>
    private sealed class FailingLoop(LoopServices services) : SupervisedLoop("test", services)
    {
        private int _steps;

        public int Successes { get; private set; }

        protected override TimeSpan Interval => TimeSpan.FromMilliseconds(1);

        protected override TimeSpan RetryDelay => TimeSpan.FromMilliseconds(1);

        protected override Task RunOnceAsync(CancellationToken cancellationToken) => ++_steps switch
        {
            1 => throw new InvalidOperationException("thrown at once"),
            2 => Task.FromException(new FormatException("thrown later")),
            // Neither is the end: the loop's own token is not cancelled.
            3 => throw new OperationCanceledException(),
            4 => Task.FromCanceled(new(canceled: true)),
            _ => Task.FromResult(Successes++),
        };
    }
}
