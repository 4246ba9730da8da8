using System.Security.Cryptography;
using Npgsql;
using Shop.WriteApi.Http;
using Shop.WriteApi.Database;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Idempotency;

/// <summary>
/// Runs a command at most once for each key. The command's own transaction inserts the key: where it is taken the
/// database refuses the whole, after waiting for a command with the same key that is still under way.
/// </summary>
internal sealed class IdempotencyKeys(NpgsqlDataSource database, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private const string Select = """
        select request_hash, status, content_type, etag, location, body from idempotency_keys
        where key = $1 and created_at >= $2
        """;

    private const string DeleteExpired = "delete from idempotency_keys where key = $1 and created_at < $2";

    /// <param name="command">Stores what it is given, if anything, together with its change.</param>
    public async Task<Answer> RunOnceAsync(
        IdempotencyKey? key, Func<Func<Answer, KeptAnswer?>, Task<Answer>> command, CancellationToken cancellationToken)
    {
        if (key is null)
            return await command(_ => null);

        while (true)
        {
            try
            {
                return await RunKeyedAsync(key, command, cancellationToken);
            }
            catch (KeyTakenException)
            {
                if (await FindAsync(key, cancellationToken) is { } first)
                    return first;
            }
        }
    }

    private async Task<Answer> RunKeyedAsync(
        IdempotencyKey key, Func<Func<Answer, KeptAnswer?>, Task<Answer>> command, CancellationToken cancellationToken)
    {
        try
        {
            return await command(answer => new KeptAnswer(key, answer, clock.GetNow()));
        }
        catch (Exception exception) when (Problem.Of(exception) is { } problem && IsFinal(problem))
        {
            var answer = Answer.Of(problem);
            await KeepAsync(new KeptAnswer(key, answer, clock.GetNow()), cancellationToken);
            return answer;
        }
    }

    // What the state of the shop decided stays decided; what a retry may change is not kept.
    private static bool IsFinal(Problem problem) =>
        problem.Status is StatusCodes.Status404NotFound or StatusCodes.Status409Conflict
            or StatusCodes.Status412PreconditionFailed
        && problem.Code is not (Codes.Busy or Orders.OrderRules.Busy);

    private async Task KeepAsync(KeptAnswer answer, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add(answer);
        await batch.CommitAsync(cancellationToken);
    }

    private async Task<Answer?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        var oldest = clock.GetNow() - Lifetime;
        await using var batch = database.CreateBatch();
        batch.Add(Select).With(key.Value).With(oldest);
        batch.Add(DeleteExpired).With(key.Value).With(oldest);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        if (!CryptographicOperations.FixedTimeEquals(row.GetFieldValue<byte[]>(0), key.RequestHash))
        {
            throw new RefusedException(new Problem(
                StatusCodes.Status422UnprocessableEntity, Codes.KeyReused, "The key was used for another request."));
        }

        return new Answer(
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
