using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Shop.ReadApi.Export;

namespace Shop.ReadApi.Tests;

public sealed class ExportPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _client = new(new(pauseWriterThreshold: 10, resumeWriterThreshold: 5));

    [Theory]
    [InlineData(0.25, 40, 120)]
    [InlineData(0.5, 40, 40)]
    public async Task An_export_rests_in_proportion_to_what_it_has_worked(double share, int workedMs, int restMs)
    {
        var pace = new ExportPace(share, _time);
        _time.Advance(TimeSpan.FromMilliseconds(workedMs));

        var resting = pace.FlushAsync(_client.Writer, default);

        _time.Advance(TimeSpan.FromMilliseconds(restMs - 1));
        Assert.False(resting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await resting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void An_export_with_all_of_its_time_never_rests()
    {
        var pace = new ExportPace(share: 1, _time);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(pace.FlushAsync(_client.Writer, default).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Waiting_for_a_slow_client_is_no_work()
    {
        var pace = new ExportPace(share: 0.5, _time);
        _client.Writer.Write(new byte[20]);
        var waiting = pace.FlushAsync(_client.Writer, default);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(waiting.IsCompleted);

        var read = await _client.Reader.ReadAsync();
        _client.Reader.AdvanceTo(read.Buffer.End);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(pace.FlushAsync(_client.Writer, default).IsCompletedSuccessfully);
    }
}
