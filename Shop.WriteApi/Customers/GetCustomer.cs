using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Customers;

internal static class GetCustomer
{
    public static async Task<IResult> HandleAsync(
        Guid id, ClaimsPrincipal user, ShopDbContext context, CancellationToken cancellationToken)
    {
        CustomerCodes.RequireOwn(id, Caller.Of(user));
        var customer = await context.Set<CustomerRow>()
            .AsNoTracking()
            .SingleOrDefaultAsync(customer => customer.Id == id, cancellationToken)
            ?? throw CustomerCodes.IsNotFound(id);
        return customer.ToResponse();
    }
}
