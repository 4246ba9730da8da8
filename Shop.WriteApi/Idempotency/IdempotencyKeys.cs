using System.Security.Cryptography;
using Npgsql;
using Shop.WriteApi.Database;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Idempotency;

/// <summary>A response that is stored under its key, in the transaction of the command that it answers.</summary>
internal sealed record StoredResponse(IdempotencyKey Key, JsonResponse Response);

/// <summary>
/// The stored responses. Every command looks its key up before it decides, and inserts the key together with its
/// change. If two requests with one key race, the second insert waits for the first transaction and then violates the
/// primary key; nothing of the second is written, and its next look-up finds the stored response.
/// </summary>
internal static class IdempotencyKeys
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string PrimaryKey = "pk_idempotency_keys";

    /// <summary>Adds the look-up of a key; <see cref="ReadAsync"/> reads its result.</summary>
    /// <remarks>An expired key is deleted first, so that it can be used again.</remarks>
    public static void AddLookup(this NpgsqlBatch batch, IdempotencyKey? key, DateTimeOffset now)
    {
        if (key is null)
            return;
        batch.Add($"delete from idempotency_keys where key = {key.Value} and created_at < {now - Lifetime}");
        batch.Add($"""
            select request_hash, status, content_type, etag, location, body from idempotency_keys
            where key = {key.Value}
            """);
    }

    /// <summary>Reads the result of <see cref="AddLookup"/> and moves on to the next one.</summary>
    /// <returns>Null if the key is null or not in use.</returns>
    /// <exception cref="RefusedException">422: the key was used for another request.</exception>
    public static async Task<JsonResponse?> ReadAsync(
        IdempotencyKey? key, NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        if (key is null)
            return null;
        var stored = await row.ReadAsync(cancellationToken) ? Read(key, row) : null;
        await row.NextResultAsync(cancellationToken);
        return stored;
    }

    /// <summary>Looks a key up in a round trip of its own.</summary>
    public static async Task<JsonResponse?> FindAsync(
        this NpgsqlDataSource database, IdempotencyKey? key, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (key is null)
            return null;
        await using var batch = database.CreateBatch();
        batch.AddLookup(key, now);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        return await ReadAsync(key, row, cancellationToken);
    }

    /// <summary>Appends the insert of a key to a statement that has a row source.</summary>
    /// <param name="source">The row source. If it is empty, nothing is inserted.</param>
    public static Sql AppendInsert(this Sql sql, StoredResponse stored, DateTimeOffset now, string source) => sql
        .Append($"""
            insert into idempotency_keys (key, request_hash, status, content_type, etag, location, body, created_at)
            select {stored.Key.Value}, {stored.Key.RequestHash}, {(short)stored.Response.Status},
                {stored.Response.ContentType}, {stored.Response.ETag}, {stored.Response.Location},
                {stored.Response.Body}, {now}
            """)
        .AppendText(source);

    /// <summary>Whether a request with the same key was faster.</summary>
    public static bool IsTaken(PostgresException exception) => DatabaseErrors.ViolatesUnique(exception, PrimaryKey);

    private static JsonResponse Read(IdempotencyKey key, NpgsqlDataReader row)
    {
        if (!CryptographicOperations.FixedTimeEquals(row.GetFieldValue<byte[]>(0), key.RequestHash))
            throw RefusedException.KeyReused();
        return new JsonResponse(
            row.GetInt16(1),
            row.GetString(2),
            row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            row.GetFieldValue<byte[]>(5))
        {
            IsReplay = true,
        };
    }
}
