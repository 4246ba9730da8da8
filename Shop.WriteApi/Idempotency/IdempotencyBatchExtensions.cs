using Npgsql;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Idempotency;

internal static class IdempotencyBatchExtensions
{
    private const string PrimaryKey = "pk_idempotency_keys";

    private const string Insert = """
        insert into idempotency_keys (key, request_hash, status, content_type, etag, location, body, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    /// <summary>Goes first in a batch: who comes second with a key waits here, before all else.</summary>
    public static void Add(this NpgsqlBatch batch, KeptAnswer? kept)
    {
        if (kept is not var (key, answer, createdAt))
            return;
        batch.Add(Insert)
            .With(key.Value).With(key.RequestHash)
            .With((short)answer.Status).With(answer.ContentType)
            .With(answer.ETag).With(answer.Location).With(answer.Body)
            .With(createdAt);
    }

    /// <summary>Runs the batch as one transaction in one round trip.</summary>
    /// <exception cref="KeyTakenException">The key was used before; nothing is written.</exception>
    public static async Task CommitAsync(this NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException exception) when (DatabaseErrors.Violates(exception, PrimaryKey))
        {
            throw new KeyTakenException();
        }
    }
}
