using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>
/// What the orders of a customer say of them, read from the documents, so that it agrees with every other view of them.
/// </summary>
public sealed class CustomerReader(IOrderExport export)
{
    /// <returns>Null if the customer has no order that the caller may see.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<CustomerSummary?> ReadAsync(Guid id, CallerScope scope, CancellationToken cancellationToken)
    {
        var query = new OrderQuery { Scope = scope, Filters = OrderFilters.None with { CustomerIds = [id] } };
        OrderDocument? newest = null;
        var (firstAt, lastAt) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        var count = 0L;
        SortedDictionary<string, decimal> spent = new(StringComparer.Ordinal);
        await foreach (var stored in export.ReadAsync(query, cancellationToken))
        {
            var order = stored.Document;
            firstAt = order.PlacedAt < firstAt ? order.PlacedAt : firstAt;
            lastAt = order.PlacedAt > lastAt ? order.PlacedAt : lastAt;
            newest = newest is null || order.UpdatedAt > newest.UpdatedAt ? order : newest;
            count++;
            if (order.Paid is { } paid)
            {
                spent[paid.Currency] =
                    spent.GetValueOrDefault(paid.Currency) + paid.Amount - (order.Refunded?.Amount ?? 0);
            }
        }

        return newest is null
            ? null
            : new(
                newest.Customer, count, [.. spent.Select(sum => new Revenue(sum.Key, sum.Value))], firstAt, lastAt);
    }
}

/// <param name="Customer">As the order has it that changed last.</param>
/// <param name="Spent">What was paid and not refunded.</param>
public sealed record CustomerSummary(
    OrderCustomer Customer, long Orders, IReadOnlyList<Revenue> Spent, DateTimeOffset FirstOrderAt,
    DateTimeOffset LastOrderAt);
