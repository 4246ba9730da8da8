using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;

namespace Shop.ServiceDefaults.Background;

/// <summary>
/// Background work that runs until the process stops. A step that throws is logged, counted and retried after a growing
/// delay. Derived classes implement one step.
/// </summary>
/// <remarks>
/// Steps run without tracing, because they do not belong to a request. A step that acts for a request starts a span of
/// that request's trace inside <c>SuppressInstrumentationScope.Begin(false)</c>.
/// </remarks>
public abstract partial class SupervisedLoop(string name, LoopServices services) : BackgroundService
{
    private readonly ILogger _logger = services.Loggers.CreateLogger($"Shop.Background.{name}");

    /// <summary>The delay after a step that succeeded.</summary>
    protected abstract TimeSpan Interval { get; }

    /// <summary>The delay after the first failure in a row. It doubles up to <see cref="MaxRetryDelay"/>.</summary>
    protected virtual TimeSpan RetryDelay => TimeSpan.FromMilliseconds(500);

    protected virtual TimeSpan MaxRetryDelay => TimeSpan.FromSeconds(10);

    /// <summary>Why the last step failed; null if it succeeded or none has run yet.</summary>
    public string? LastError { get; private set; }

    protected TimeProvider Time => services.Time;

    /// <summary>Does the work once.</summary>
    protected abstract Task RunOnceAsync(CancellationToken cancellationToken);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        await Task.Yield();
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(stoppingToken);
                (failures, LastError) = (0, null);
            }
#pragma warning disable CA1031 // The loop continues after any exception.
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                failures++;
                LastError = exception.Message;
                services.Failed(name);
                Log.Failed(_logger, name, DelayAfter(failures).TotalSeconds, exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(failures == 0 ? Interval : DelayAfter(failures), Time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan DelayAfter(int failures)
    {
        var delay = RetryDelay * Math.Pow(2, Math.Min(failures - 1, 20));
        return delay < MaxRetryDelay ? delay : MaxRetryDelay;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Name} failed. The next attempt is in {Seconds:F1} s")]
        public static partial void Failed(ILogger logger, string name, double seconds, Exception exception);
    }
}

/// <summary>The services that every <see cref="SupervisedLoop"/> needs. The service defaults register them.</summary>
public sealed class LoopServices
{
    private readonly Counter<long> _failures;

    public LoopServices(TimeProvider time, ILoggerFactory loggers, IMeterFactory meters)
    {
        (Time, Loggers) = (time, loggers);
        _failures = meters.Create("Shop.Background").CreateCounter<long>(
            "shop.background.failures", "{failure}", "Steps of background work that failed, by name");
    }

    internal TimeProvider Time { get; }

    internal ILoggerFactory Loggers { get; }

    internal void Failed(string name) => _failures.Add(1, new KeyValuePair<string, object?>("shop.background.name", name));
}
