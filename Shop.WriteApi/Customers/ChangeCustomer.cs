using Shop.WriteApi.Database;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

/// <summary>Changes a customer. A background worker applies the change to their orders.</summary>
internal static class ChangeCustomer
{
    private const int Attempts = 2;

    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<CustomerRequest> command,
        ShopDbContext context,
        CustomerChangeSignal signal,
        CancellationToken cancellationToken)
    {
        CustomerCodes.RequireOwn(id, command.Caller);
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var customer = await context.Set<CustomerRow>().FindAsync([id], cancellationToken)
                ?? throw CustomerCodes.IsNotFound(id);
            command.IfMatch.Check(customer.Version);
            if (!customer.Change(command.Body))
                return customer.ToResponse();

            if (!await context.TrySaveAsync(cancellationToken))
                continue;
            await context.AddPendingChangeAsync(customer, command.Caller, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            signal.Set();
            return customer.ToResponse();
        }

        throw RefusedException.Busy();
    }
}
