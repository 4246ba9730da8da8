using Npgsql;
using Npgsql.Replication.PgOutput;

namespace Shop.WriteApi.Outbox;

/// <summary>A row of the outbox, as the relay reads it.</summary>
internal sealed record OutboxEvent
{
    public const string Columns = "order_id, version, type, payload, occurred_at, traceparent, tracestate";

    public Guid OrderId { get; private set; }

    public long Version { get; private set; }

    public string Type { get; private set; } = "";

    /// <summary>The message's value as it is sent: UTF-8 JSON.</summary>
    public byte[] Payload { get; private set; } = [];

    public DateTime OccurredAt { get; private set; }

    /// <summary>W3C trace context of the command that raised the event.</summary>
    public string? TraceParent { get; private set; }

    public string? TraceState { get; private set; }

    /// <summary>Reads a row from the log, by column name: a newer schema may have columns that are not known here.</summary>
    public static async ValueTask<OutboxEvent> ReadAsync(ReplicationTuple tuple, CancellationToken cancellationToken)
    {
        var row = new OutboxEvent();
        await foreach (var value in tuple.WithCancellation(cancellationToken))
        {
            if (value.IsDBNull)
                continue;

            switch (value.GetFieldName())
            {
                case "order_id":
                    row.OrderId = await value.Get<Guid>(cancellationToken);
                    break;
                case "version":
                    row.Version = await value.Get<long>(cancellationToken);
                    break;
                case "type":
                    row.Type = await value.Get<string>(cancellationToken);
                    break;
                case "payload":
                    row.Payload = await value.Get<byte[]>(cancellationToken);
                    break;
                case "occurred_at":
                    row.OccurredAt = await value.Get<DateTime>(cancellationToken);
                    break;
                case "traceparent":
                    row.TraceParent = await value.Get<string>(cancellationToken);
                    break;
                case "tracestate":
                    row.TraceState = await value.Get<string>(cancellationToken);
                    break;
            }
        }

        return row;
    }

    /// <summary>Reads a row of a query for <see cref="Columns"/>.</summary>
    public static OutboxEvent Read(NpgsqlDataReader reader) => new()
    {
        OrderId = reader.GetGuid(0),
        Version = reader.GetInt64(1),
        Type = reader.GetString(2),
        Payload = reader.GetFieldValue<byte[]>(3),
        OccurredAt = reader.GetDateTime(4),
        TraceParent = reader.IsDBNull(5) ? null : reader.GetString(5),
        TraceState = reader.IsDBNull(6) ? null : reader.GetString(6),
    };
}
