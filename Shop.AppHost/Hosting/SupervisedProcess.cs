namespace Shop.AppHost.Hosting;

/// <summary>Tracks whether a user stopped a process, and how often it recently exited unexpectedly.</summary>
internal sealed class SupervisedProcess(TimeProvider clock)
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(30);

    private long _lastRestart;
    private int _exits;
    private bool _stopped;
    private bool _beingRestarted;

    /// <returns>Whether the process exited unexpectedly and no restart is in progress.</returns>
    public bool NeedsRestart(string? state)
    {
        if (state == KnownResourceStates.Stopping)
        {
            // A user stopped it, in the dashboard or with a command, so the exit that follows is expected.
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

    /// <summary>The delay before the next restart. It grows with each exit and is reset after a stable time.</summary>
    public TimeSpan NextDelay()
    {
        _exits = _exits > 0 && clock.GetElapsedTime(_lastRestart) < StableAfter ? _exits + 1 : 1;
        var delay = FirstDelay * Math.Pow(3, Math.Min(_exits, 10) - 1);
        delay = delay < MaxDelay ? delay : MaxDelay;
        _lastRestart = clock.GetTimestamp() + (long)(delay.TotalSeconds * clock.TimestampFrequency);
        return delay;
    }
}
