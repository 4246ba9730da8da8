using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Shop.LocalServers.Machines;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>
/// Receives OTLP over HTTP and keeps log records and spans
/// (https://github.com/open-telemetry/opentelemetry-proto; numbers below are those of its fields).
/// </summary>
internal sealed class TelemetryCollector : IDisposable
{
    public const int Warning = 13;
    private const int Server = 2;

    private readonly HttpListener _listener = new();

    public TelemetryCollector()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _ = ReceiveAsync();
    }

    public string Address { get; }

    public ConcurrentBag<LogRecord> Logs { get; } = [];

    public ConcurrentBag<Span> Spans { get; } = [];

    /// <summary>Everything as it was received, metrics too.</summary>
    public ConcurrentBag<byte[]> Bodies { get; } = [];

    public void Dispose() => _listener.Close();

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Take(context.Request.Url!.AbsolutePath, body.ToArray());
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Take(string path, byte[] body)
    {
        Bodies.Add(body);
        var records = Messages(body, 1).SelectMany(
            resource => Messages(resource, 2).SelectMany(scope => Messages(scope, 2)),
            (resource, record) => (ServiceOf(resource), record));
        foreach (var (service, record) in records)
        {
            if (path == "/v1/logs")
                Logs.Add(new(service, (int)Number(record, 2), Text(Messages(record, 5).FirstOrDefault(), 1)));
            else if (path == "/v1/traces")
                Spans.Add(new(
                    service, Text(record, 5), IsRoot: !Messages(record, 4).Any(parent => parent.Length > 0),
                    IsRequest: Number(record, 6) == Server));
        }
    }

    private static IEnumerable<byte[]> Messages(byte[] message, int field) =>
        Fields(message).Where(f => f.Number == field).Select(f => f.Bytes);

    private static string ServiceOf(byte[] resource) => Messages(Messages(resource, 1).First(), 1)
        .Where(attribute => Text(attribute, 1) == "service.name")
        .Select(attribute => Text(Messages(attribute, 2).First(), 1))
        .FirstOrDefault("");

    private static string Text(byte[]? message, int field) =>
        message is null ? "" : Encoding.UTF8.GetString(Messages(message, field).FirstOrDefault() ?? []);

    private static ulong Number(byte[] message, int field) =>
        Fields(message).Where(f => f.Number == field).Select(f => f.Value).FirstOrDefault();

    // https://protobuf.dev/programming-guides/encoding/
    private static List<(int Number, ulong Value, byte[] Bytes)> Fields(byte[] message)
    {
        List<(int, ulong, byte[])> fields = [];
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var (value, length) = (tag & 7) switch
            {
                0 => (Varint(message, ref at), 0),
                1 => (BinaryPrimitives.ReadUInt64LittleEndian(message.AsSpan(at)), 8),
                2 => (0UL, (int)Varint(message, ref at)),
                5 => (BinaryPrimitives.ReadUInt32LittleEndian(message.AsSpan(at)), 4),
                var type => throw new InvalidDataException($"Wire type {type}."),
            };
            fields.Add(((int)(tag >> 3), value, message[at..(at + length)]));
            at += length;
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }
}

internal sealed record LogRecord(string Service, int Severity, string Body);

internal sealed record Span(string Service, string Name, bool IsRoot, bool IsRequest);
