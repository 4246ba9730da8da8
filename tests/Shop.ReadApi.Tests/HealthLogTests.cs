using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shop.ServiceDefaults.Background;
using Shop.ServiceDefaults.Health;
using Shop.Testing;

namespace Shop.ReadApi.Tests;

public sealed class HealthLogTests : IDisposable
{
    private const string Fails = "Warning: The health check 'store' failed: away";
    private const string Succeeds = "Information: The health check 'store' succeeds again";

    private readonly FakeTimeProvider _time = new();
    private readonly Lines _log = new();
    private readonly ServiceProvider _services;
    private readonly HealthLog _healthLog;
    private volatile bool _isHealthy = true;
    private int _probes;

    public HealthLogTests()
    {
        _services = new ServiceCollection().AddLogging().AddMetrics()
            .AddHealthChecks().AddCheck("store", Probe).Services
            .BuildServiceProvider();
        _healthLog = new(
            _services.GetRequiredService<HealthCheckService>(),
            new LoopServices(_time, NullLoggerFactory.Instance, _services.GetRequiredService<IMeterFactory>()),
            _log);
    }

    public void Dispose()
    {
        _healthLog.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task A_change_is_logged_once_however_often_the_check_is_probed()
    {
        await _healthLog.StartAsync(CancellationToken.None);
        await ProbedAsync(isHealthy: true);
        Assert.Empty(_log.Written);

        await ProbedAsync(isHealthy: false);
        Assert.Equal([Fails], _log.Written);

        await ProbedAsync(isHealthy: true);
        Assert.Equal([Fails, Succeeds], _log.Written);

        await ProbedAsync(isHealthy: false);
        Assert.Equal([Fails, Succeeds, Fails], _log.Written);
    }

    [Fact]
    public async Task A_check_that_fails_while_the_service_starts_is_not_logged_before_a_minute()
    {
        _isHealthy = false;
        await _healthLog.StartAsync(CancellationToken.None);

        await ProbedAsync(isHealthy: false, times: 10);
        Assert.Empty(_log.Written);

        await ProbedAsync(isHealthy: false);
        Assert.Equal([Fails], _log.Written);
    }

    private async Task ProbedAsync(bool isHealthy, int times = 5)
    {
        _isHealthy = isHealthy;
        for (var i = 0; i < times; i++)
        {
            var before = Volatile.Read(ref _probes);
            await Eventually.HoldsAsync(
                () =>
                {
                    if (Volatile.Read(ref _probes) == before)
                        _time.Advance(TimeSpan.FromSeconds(5));
                    return Task.FromResult(Volatile.Read(ref _probes) > before);
                },
                "The check is probed");
        }
    }

    private HealthCheckResult Probe()
    {
        Interlocked.Increment(ref _probes);
        return _isHealthy ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("away");
    }

    private sealed class Lines : ILogger<HealthLog>
    {
        public ConcurrentQueue<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
