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
        OrderDocument? first = null;
        OrderDocument? last = null;
        OrderDocument? newest = null;
        var count = 0L;
        SortedDictionary<string, decimal> spent = new(StringComparer.Ordinal);
        await foreach (var order in export.ReadAsync(query, cancellationToken))
        {
            last = order.Document;
            first ??= last;
            newest = newest is null || last.UpdatedAt >= newest.UpdatedAt ? last : newest;
            count++;
            if (last.Paid is { } paid)
            {
                spent[paid.Currency] =
                    spent.GetValueOrDefault(paid.Currency) + paid.Amount - (last.Refunded?.Amount ?? 0);
            }
        }

        return newest is null
            ? null
            : new(
                newest.Customer, count, [.. spent.Select(sum => new Revenue(sum.Key, sum.Value))], first!.PlacedAt,
                last!.PlacedAt);
    }
}

/// <param name="Customer">As the order has it that changed last.</param>
/// <param name="Spent">What was paid and not refunded.</param>
public sealed record CustomerSummary(
    OrderCustomer Customer, long Orders, IReadOnlyList<Revenue> Spent, DateTimeOffset FirstOrderAt,
    DateTimeOffset LastOrderAt);
