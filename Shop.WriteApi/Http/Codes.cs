namespace Shop.WriteApi.Http;

/// <summary>Stable codes of refusals that are not a rule of the order.</summary>
internal static class Codes
{
    public const string OrderNotFound = "order.not-found";
    public const string CustomerNotFound = "customer.not-found";
    public const string ProductNotFound = "product.not-found";

    /// <summary>412: If-Match names another version.</summary>
    public const string Stale = "request.stale";

    /// <summary>422: the idempotency key was used for another request.</summary>
    public const string KeyReused = "idempotency-key.reused";

    /// <summary>409: others changed the customer or product at the same moment.</summary>
    public const string Busy = "request.busy";
}
