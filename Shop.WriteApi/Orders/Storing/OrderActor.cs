using Shop.Contracts;
using Shop.ServiceDefaults.Security;

namespace Shop.WriteApi.Orders.Storing;

internal static class OrderActor
{
    public static Actor ToActor(this Caller caller) => new(caller.Subject, caller.ActingRole);
}
