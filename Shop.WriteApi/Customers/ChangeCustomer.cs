using Shop.WriteApi.Http;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Customers;

/// <summary>Changes a customer; their orders follow, each with an event: <see cref="CustomerChanges"/>.</summary>
internal static class ChangeCustomer
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<CustomerRequest> command,
        ShopDbContext context,
        CustomerChanges changes,
        CancellationToken cancellationToken)
    {
        var answer = await Racing.RunAsync(
            context,
            async () =>
            {
                var customer = await context.Customers.FindAsync([id], cancellationToken)
                    ?? throw RefusedException.NotFound(Codes.CustomerNotFound, $"There is no customer {id}.");
                command.IfMatch.Check(customer.Version);
                await ChangeAsync(customer, command.Body, context, cancellationToken);
                return customer.ToAnswer();
            });
        changes.Wake();
        return answer;
    }

    private static async Task ChangeAsync(
        CustomerRow customer, CustomerRequest request, ShopDbContext context, CancellationToken cancellationToken)
    {
        var changed = (request.Name!, request.Email!, request.Country!);
        if ((customer.Name, customer.Email, customer.Country) == changed)
            return;

        customer.Version++;
        (customer.Name, customer.Email, customer.Country) = changed;
        var change = await context.CustomerChanges.FindAsync([customer.Id], cancellationToken)
            ?? context.CustomerChanges.Add(new CustomerChangeRow { CustomerId = customer.Id }).Entity;
        change.CustomerVersion = customer.Version;
        await context.SaveChangesAsync(cancellationToken);
    }
}
