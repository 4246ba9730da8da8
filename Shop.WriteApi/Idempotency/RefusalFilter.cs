using Npgsql;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Idempotency;

/// <summary>
/// Stores the refusal of a command under its key, so that a retry gets it again even if the command would succeed by
/// then. The successful response is stored by the command itself, in its transaction.
/// </summary>
internal sealed class RefusalFilter(NpgsqlDataSource database, TimeProvider clock) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (
            Problem.Of(exception) is { IsFinal: true } problem && KeyOf(context) is { } key)
        {
            var refusal = new StoredResponse(key, JsonResponse.Of(problem));
            return await StoreAsync(refusal, context.HttpContext.RequestAborted);
        }
    }

    private static IdempotencyKey? KeyOf(EndpointFilterInvocationContext context) =>
        context.Arguments.OfType<ICommand>().SingleOrDefault()?.Key;

    private async Task<JsonResponse> StoreAsync(StoredResponse refusal, CancellationToken cancellationToken)
    {
        try
        {
            await using var insert = database.CreateBatch();
            Sql.Begin().AppendInsert(refusal, clock.GetNow(), source: "").AddTo(insert);
            await insert.ExecuteNonQueryAsync(cancellationToken);
            return refusal.Response;
        }
        catch (PostgresException exception) when (IdempotencyKeys.IsTaken(exception))
        {
            return await database.FindAsync(refusal.Key, clock.GetNow(), cancellationToken) ?? refusal.Response;
        }
    }
}
