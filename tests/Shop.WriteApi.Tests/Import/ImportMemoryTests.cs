using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Shop.WriteApi.Import;

namespace Shop.WriteApi.Tests.Import;

public sealed class ImportMemoryTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const int Window = 2 * 1024 * 1024;

    [Fact]
    public async Task A_body_is_not_read_faster_than_it_is_imported()
    {
        var api = await fixture.GetAsync();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: Window, resumeWriterThreshold: Window / 2));
        var body = new MeasuredReader(pipe.Reader);
        var options = new ImportOptions();
        using var spool = new OutcomeSpool(options);
        var session = new ImportSession(
            api.Services.GetRequiredService<OrderImport>(), new NdjsonReader(body), spool, new("olga", "operator"),
            options.StallTimeout, TimeProvider.System);

        var importing = session.RunAsync(default);
        foreach (var piece in Encoding.ASCII.GetBytes(ImportTests.LongLines[..(8 * Window)]).Chunk(64 * 1024))
            await pipe.Writer.WriteAsync(piece);
        await pipe.Writer.CompleteAsync();
        await importing;

        Assert.InRange(body.Longest, 1, Window + (512 * 1024));
    }

    /// <summary>Notes how much of the body was in memory.</summary>
    private sealed class MeasuredReader(PipeReader body) : PipeReader
    {
        public long Longest { get; private set; }

        public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
            body.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => body.CancelPendingRead();

        public override void Complete(Exception? exception = null) => body.Complete(exception);

        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await body.ReadAsync(cancellationToken);
            Longest = Math.Max(Longest, result.Buffer.Length);
            return result;
        }

        public override bool TryRead(out ReadResult result) => body.TryRead(out result);
    }
}
