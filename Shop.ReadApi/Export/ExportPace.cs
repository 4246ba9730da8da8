using System.IO.Pipelines;

namespace Shop.ReadApi.Export;

/// <summary>
/// Lets an export rest after each piece, so that it works for a share of its time. Reading from the store and writing
/// rows is work; waiting for a client that reads slowly is not.
/// </summary>
internal sealed class ExportPace(double share, TimeProvider time)
{
    private static readonly TimeSpan MinRest = TimeSpan.FromMilliseconds(2); // A timer is hardly more precise.

    private long _since = time.GetTimestamp();
    private TimeSpan _owed;

    /// <summary>Sends what was written, and rests for what has been worked since the last time.</summary>
    public async Task FlushAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        _owed += time.GetElapsedTime(_since) * ((1 / share) - 1);
        await output.FlushAsync(cancellationToken);
        if (_owed >= MinRest)
        {
            await Task.Delay(_owed, time, cancellationToken);
            _owed = TimeSpan.Zero;
        }

        _since = time.GetTimestamp();
    }
}
