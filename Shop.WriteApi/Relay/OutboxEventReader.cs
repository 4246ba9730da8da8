using Npgsql.Replication.PgOutput;

namespace Shop.WriteApi.Relay;

/// <summary>Reads an outbox row as it comes from the log: by column name, unknown ones skipped.</summary>
internal static class OutboxEventReader
{
    public static async ValueTask<OutboxEvent> ReadAsync(ReplicationTuple tuple, CancellationToken cancellationToken)
    {
        var row = new OutboxEvent();
        await foreach (var value in tuple.WithCancellation(cancellationToken))
        {
            if (value.IsDBNull)
                continue;

            row = value.GetFieldName() switch
            {
                "order_id" => row with { OrderId = await value.Get<Guid>(cancellationToken) },
                "version" => row with { Version = await value.Get<long>(cancellationToken) },
                "type" => row with { Type = await value.Get<string>(cancellationToken) },
                "payload" => row with { Payload = await value.Get<byte[]>(cancellationToken) },
                "occurred_at" => row with { OccurredAt = await value.Get<DateTimeOffset>(cancellationToken) },
                "traceparent" => row with { TraceParent = await value.Get<string>(cancellationToken) },
                "tracestate" => row with { TraceState = await value.Get<string>(cancellationToken) },
                _ => row,
            };
        }

        return row;
    }
}
