using System.Diagnostics;

namespace Shop.Bench.Drain;

/// <summary>The control arm: sends the same documents in prepared bodies, as fast as the server accepts them.</summary>
internal sealed class RawBulk(ElasticsearchNode node, Backlog backlog, string likeAlias)
{
    private const int InFlight = 4;

    public async Task<DrainRound> RunAsync(CancellationToken cancellationToken)
    {
        var index = $"bench-raw-{Guid.CreateVersion7():N}";
        await node.CreateLikeAsync(index, likeAlias);
        var meter = new DrainMeter(backlog.Events, () => Environment.CpuUsage.TotalTime, node.CpuAsync);
        DrainRound? result = null;
        var taken = 0;
        using var oneAtATime = new SemaphoreSlim(1);
        await Parallel.ForEachAsync(
            backlog.Bodies,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
            async (body, _) =>
            {
                await node.BulkAsync(index, body.Bytes);
                await oneAtATime.WaitAsync(cancellationToken);
                taken += body.Documents;
                result = await meter.TakenAsync(taken) ?? result;
                oneAtATime.Release();
            });
        if (await node.CountAsync(index) != backlog.Events)
            throw new UnreachableException("Documents are missing in the raw index.");

        await node.RemoveAsync(index);
        return result! with { Memory = Environment.WorkingSet / 1024.0 / 1024.0 };
    }
}
