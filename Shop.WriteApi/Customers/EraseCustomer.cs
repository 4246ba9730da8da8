using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

/// <summary>
/// Replaces a customer's personal data. The worker that applies changes of customers replaces it in their orders, with
/// an event each.
/// </summary>
internal static class EraseCustomer
{
    private const int Attempts = 2;

    public static async Task<IResult> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        ShopDbContext context,
        NpgsqlDataSource database,
        CustomerChangeSignal signal,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (!await TryEraseAsync(id, Caller.Of(user), context, clock.GetNow(), cancellationToken))
                continue;
            signal.Set();
            var erasure = await CustomerErasure.FindAsync(database, id, cancellationToken);
            return TypedResults.Accepted($"/customers/{id}/erasure", erasure);
        }

        throw RefusedException.Busy();
    }

    private static async Task<bool> TryEraseAsync(
        Guid id, Caller caller, ShopDbContext context, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var customer = await context.Set<CustomerRow>().FindAsync([id], cancellationToken)
            ?? throw CustomerCodes.IsNotFound(id);
        if (!customer.Erase(now))
            return true;
        if (!await context.TrySaveAsync(cancellationToken))
            return false;
        await context.AddPendingChangeAsync(customer, caller, cancellationToken);
        // The response to the registration has the name and the e-mail address. No other stored response has either.
        await context.Database.ExecuteSqlAsync(
            $"delete from idempotency_keys where location = {$"/customers/{id}"}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
