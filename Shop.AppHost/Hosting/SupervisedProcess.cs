namespace Shop.AppHost.Hosting;

/// <summary>What is known of one process: whether somebody stopped it, and how often it died of late.</summary>
internal sealed class SupervisedProcess(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    private long _lastDeath;
    private int _deaths;
    private bool _stopped;
    private bool _beingRestarted;

    /// <returns>Whether this is a death that nobody sees to yet.</returns>
    public bool IsDeath(string? state)
    {
        if (state == KnownResourceStates.Stopping)
        {
            // A person's wish, by the dashboard or a command: what follows is no death.
            _stopped = true;
        }
        else if (state == KnownResourceStates.Starting || state == KnownResourceStates.Running)
        {
            _stopped = false;
        }
        else if (!_stopped && !_beingRestarted && KnownResourceStates.TerminalStates.Contains(state))
        {
            _beingRestarted = true;
            return true;
        }

        return false;
    }

    public void Restarted() => _beingRestarted = false;

    /// <summary>Longer with every death, until the process has lived for a while.</summary>
    public TimeSpan NextDelay()
    {
        _deaths = _deaths > 0 && clock.GetElapsedTime(_lastDeath) < Stable ? _deaths + 1 : 1;
        var delay = First * Math.Pow(3, Math.Min(_deaths, 10) - 1);
        delay = delay < Longest ? delay : Longest;
        _lastDeath = clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency);
        return delay;
    }
}
