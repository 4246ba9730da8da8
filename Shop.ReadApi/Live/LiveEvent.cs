using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Shop.ReadApi.Orders;
using Shop.ReadModel;

namespace Shop.ReadApi.Live;

/// <summary>Server-sent events as they are sent.</summary>
internal static class LiveEvent
{
    private static readonly byte[] Reason =
        """{"reason":"Events before this one may be missing. Search again."}"""u8.ToArray();

    public static Task<byte[]> OrderAsync(StoredOrder order, string eventId) =>
        WriteAsync(new(order.Json.ToArray(), "order") { EventId = eventId });

    public static Task<byte[]> HeartbeatAsync(FreshnessResponse freshness, string eventId, TimeSpan? reconnection) =>
        WriteAsync(new(JsonSerializer.SerializeToUtf8Bytes(freshness, JsonSerializerOptions.Web), "heartbeat")
        {
            EventId = eventId,
            ReconnectionInterval = reconnection,
        });

    public static Task<byte[]> ResetAsync(string eventId) => WriteAsync(new(Reason, "reset") { EventId = eventId });

    private static async Task<byte[]> WriteAsync(SseItem<byte[]> item)
    {
        using var stream = new MemoryStream(item.Data.Length + 256);
        await SseFormatter.WriteAsync(
            AsyncEnumerable.Repeat(item, 1), stream, static (item, writer) => writer.Write(item.Data));
        return stream.ToArray();
    }
}
