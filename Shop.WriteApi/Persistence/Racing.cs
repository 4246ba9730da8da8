using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Persistence;

/// <summary>Changes of single rows: who loses a race looks again, once.</summary>
internal static class Racing
{
    private const int Attempts = 2;

    public static async Task<Answer> RunAsync(DbContext context, Func<Task<Answer>> change)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            try
            {
                return await change();
            }
            catch (DbUpdateException exception) when (IsLostRace(exception))
            {
                context.ChangeTracker.Clear();
            }
        }

        throw new RefusedException(new Problem(
            StatusCodes.Status409Conflict,
            Codes.Busy,
            "Others changed it at the same moment; the request may be repeated."));
    }

    private static bool IsLostRace(DbUpdateException exception) => exception is DbUpdateConcurrencyException
        || exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };
}
