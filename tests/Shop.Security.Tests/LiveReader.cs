using System.Net;
using System.Text;

namespace Shop.Security.Tests;

/// <summary>Reads the text of a live stream as it comes, so that nothing in it is overlooked.</summary>
internal sealed class LiveReader : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _deadline = new(Deadline);
    private readonly StringBuilder _text = new();
    private HttpResponseMessage? _response;
    private StreamReader? _lines;

    public HttpStatusCode Status => _response!.StatusCode;

    /// <summary>Everything that was read.</summary>
    public string Text => _text.ToString();

    /// <param name="after">The id of the event after which the stream resumes; null if it starts now.</param>
    public static async Task<LiveReader> OpenAsync(HttpClient http, string token, string path, string? after = null)
    {
        var reader = new LiveReader();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        if (after is not null)
            request.Headers.Add("Last-Event-ID", after);
        reader._response = await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, reader._deadline.Token);
        reader._lines = new(await reader._response.Content.ReadAsStreamAsync(reader._deadline.Token));
        return reader;
    }

    /// <returns>The id of the first event of a new stream.</returns>
    public static async Task<string> ReadBeginningAsync(HttpClient http, string token)
    {
        using var live = await OpenAsync(http, token, "/orders/live");
        await live.ReadToAsync("heartbeat");
        return IdsIn(live.Text).Single();
    }

    /// <summary>The ids of the events.</summary>
    public static IEnumerable<string> IdsIn(string text) =>
        text.Split('\n').Where(line => line.StartsWith("id: ", StringComparison.Ordinal)).Select(line => line[4..]);

    /// <summary>Reads to the end of the next event of this type, or of a response that is no stream.</summary>
    public async Task ReadToAsync(string type)
    {
        var isLast = false;
        while (await _lines!.ReadLineAsync(_deadline.Token) is { } line)
        {
            _text.Append(line).Append('\n');
            isLast |= line == $"event: {type}";
            if (isLast && line.Length == 0)
                return;
        }
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _response?.Dispose();
        _lines?.Dispose();
    }
}
