using Shop.Projector.Auditing;
using Shop.Projector.Parking;
using Shop.Projector.Projecting;

namespace Shop.Projector.Rebuilding;

/// <summary>What is to be done once readers see another copy.</summary>
internal sealed class SwitchFollowUp(ReadStore store, AuditRequests audits, ParkingRetry parking)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        audits.Request("readers see another copy");
        await store.VerifyAsync(cancellationToken);
        // What the copy before refused, this one may take.
        await parking.RetryAllAsync(cancellationToken);
    }
}
