using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.ReadModel;

namespace Shop.Projector.Projections;

/// <summary>
/// How far a projection is, and the broken link if there is one, in the words of <see cref="LagDiagnosis"/>.
/// </summary>
internal sealed class ProjectionDiagnosis(
    BrokerProbe broker, LagDiagnosis orders, IOptions<ProjectorOptions> projector, IOptions<ProjectionOptions> options,
    TimeProvider time)
{
    private static readonly TimeSpan UsualResponse = TimeSpan.FromSeconds(1);

    // By step: the success of one step does not clear the failure of another.
    private readonly string?[] _errors = new string?[Enum.GetValues<ProjectionStep>().Length];
    private ProjectionStep _step;
    private volatile string? _clientError;
    private volatile bool _isSettling;
    private long _waitingSince;
    private long _settledAt = time.GetTimestamp();

    public ConsumerProgress Progress { get; } = new(time);

    /// <summary>What the client of the broker reported last.</summary>
    public string? ClientError { set => _clientError = value; }

    /// <summary>
    /// The broken link. Null if the last attempt of each step succeeded, the lag is within <see cref="ProjectorOptions.MaxLag"/> (while
    /// the projection settles, it consumes nothing), and what was applied has been completed.
    /// </summary>
    public string? Problem => Array.Find(_errors, error => error is not null)
        ?? (Progress.Lag.Seconds > projector.Value.MaxLag.TotalSeconds && !_isSettling ? Link() : null)
        ?? Unsettled();

    /// <summary>Waits for the projection's store.</summary>
    public async Task ObserveAsync(Task call)
    {
        Volatile.Write(ref _waitingSince, time.GetTimestamp());
        try
        {
            await call;
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }
    }

    /// <summary>Waits until the projection has settled what it applied.</summary>
    /// <returns>False if it cannot be settled yet.</returns>
    public async Task<bool> SettleAsync(Task<bool> settling)
    {
        _isSettling = true;
        try
        {
            return await settling;
        }
        finally
        {
            _isSettling = false;
        }
    }

    public void Begin(ProjectionStep step) => _step = step;

    public void Succeeded(ProjectionStep step) => Volatile.Write(ref _errors[(int)step], null);

    /// <summary>The current step has failed.</summary>
    public void Failed(Exception exception) => Volatile.Write(ref _errors[(int)_step], Describe(exception));

    /// <summary>What was applied is complete, and its offsets are committed.</summary>
    public void Settled() => Volatile.Write(ref _settledAt, time.GetTimestamp());

    /// <summary>The failure, with the link that it is a failure of.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        ReadStoreUnavailableException => $"store: {exception.Message}",
        KafkaException => $"broker: {exception.Message}",
        _ => exception.Message,
    };

    private string Link()
    {
        if (broker.Problem is { } problem)
            return $"broker: {problem}";
        if (Volatile.Read(ref _waitingSince) is not 0 and var since && time.GetElapsedTime(since) > UsualResponse)
            return $"store: It has not responded for {time.GetElapsedTime(since).TotalSeconds:F0} s.";
        if (!Progress.HasJoined)
            return $"projector: It has no consumer session. {_clientError}".TrimEnd();

        var (events, seconds) = Progress.Lag;
        return events == 0
            ? $"relay: The log has been consumed to its end, but no heartbeat was committed for {seconds:F0} s."
            : $"projector: It is {events} records behind.";
    }

    private string? Unsettled()
    {
        var age = time.GetElapsedTime(Volatile.Read(ref _settledAt));
        return age > options.Value.SettleInterval + projector.Value.MaxLag
            ? $"orders: They have not been as new as this read model for {age.TotalSeconds:F0} s, so that it is not "
                + $"completed, and a restart reads these events again. {orders.LimitingLink}"
            : null;
    }
}

/// <summary>The steps of a projection.</summary>
internal enum ProjectionStep
{
    Opening,
    Gathering,
    Applying,
    Settling,
}
