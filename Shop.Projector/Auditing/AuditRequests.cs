using System.Threading.Channels;

namespace Shop.Projector.Auditing;

/// <summary>What asks for an audit. Asked for while one runs, however often, it runs once more.</summary>
internal sealed class AuditRequests
{
    private readonly Channel<string> _requests = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Request(string reason) => _requests.Writer.TryWrite(reason);

    /// <summary>Whether one is asked for that has not begun.</summary>
    public bool AreWaiting => _requests.Reader.Count > 0;

    /// <summary>Waits until one is asked for; it goes on waiting until it is taken.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) =>
        _requests.Reader.WaitToReadAsync(cancellationToken);

    /// <returns>The reason of the one that waits.</returns>
    public string Take() =>
        _requests.Reader.TryRead(out var reason) ? reason : throw new InvalidOperationException("None is asked for.");
}
