using System.Threading.Channels;

namespace Shop.Projector.Auditing;

/// <summary>What asks for an audit. One that is asked for while one runs is run after it, however often it is asked for.</summary>
internal sealed class AuditRequests
{
    private readonly Channel<string> _requests = Channel.CreateBounded<string>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Request(string reason) => _requests.Writer.TryWrite(reason);

    /// <summary>Waits for the next request.</summary>
    /// <returns>Its reason.</returns>
    public ValueTask<string> NextAsync(CancellationToken cancellationToken) =>
        _requests.Reader.ReadAsync(cancellationToken);
}
