using System.Net;
using System.Text;

namespace Shop.WriteApi.Tests.Import;

/// <summary>A body that is written while the response is read.</summary>
internal sealed class SteppedBody : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SteppedBody() => Headers.ContentType = new("application/x-ndjson");

    /// <summary>A request over HTTP/2, which .NET's client needs to read before everything is written.</summary>
    public HttpRequestMessage ToRequest() => new(HttpMethod.Post, "/orders/import")
    {
        Content = this,
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    public async Task WriteAsync(string lines)
    {
        var stream = await _stream.Task;
        await stream.WriteAsync(Encoding.UTF8.GetBytes(lines));
        await stream.FlushAsync();
    }

    public void End() => _ended.SetResult();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _stream.SetResult(stream);
        return _ended.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
