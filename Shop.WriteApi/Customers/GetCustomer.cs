using Microsoft.EntityFrameworkCore;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Customers;

internal static class GetCustomer
{
    public static async Task<IResult> HandleAsync(
        Guid id, ShopDbContext context, CancellationToken cancellationToken)
    {
        var customer = await context.Set<CustomerRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(customer => customer.Id == id, cancellationToken)
            ?? throw CustomerCodes.IsNotFound(id);
        return customer.ToResponse();
    }
}
