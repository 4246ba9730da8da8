using System.Net.Sockets;
using System.Text;

namespace Shop.Testing.Requests;

/// <summary>Requests that HttpClient would change or not send at all.</summary>
public static class RawRequest
{
    /// <param name="lines">The request line and headers; each character is a byte.</param>
    /// <returns>The whole response.</returns>
    public static async Task<string> SendAsync(Uri server, params string[] lines)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        string[] request = [.. lines, "Host: localhost", "Connection: close", "", ""];
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", request)));
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }
}
