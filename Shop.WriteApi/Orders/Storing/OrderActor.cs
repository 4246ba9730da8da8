using Shop.Contracts;
using Shop.ServiceDefaults.Security;

namespace Shop.WriteApi.Orders.Storing;

internal static class OrderActor
{
    /// <summary>The write API itself, when it applies the change of a customer to their orders.</summary>
    public static Actor WriteApi { get; } = new("write-api", Roles.Service);

    public static Actor ToActor(this Caller caller) => new(caller.Subject, caller.ActingRole);
}
