using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

/// <summary>Finds customers by the words of their names and e-mail addresses.</summary>
public sealed class CustomerFinder(INameSearch names, CustomerReader customers)
{
    /// <summary>
    /// The customers that have all words, the last one as a prefix; those with many and recent orders first. A caller who
    /// sees one customer's orders finds that one.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<IReadOnlyList<FoundCustomer>> FindAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        var query = new NameQuery(NameKind.Customer, text, limit, WithEmails: true);
        if (scope.CustomerId is { } own)
        {
            return await customers.ReadAsync(own, scope, cancellationToken) is { } customer
                && NameWord.AreIn(NameEntry.TermsOf(customer.Customer.Name, customer.Customer.Email), query)
                ? [new(customer.Customer, customer.Orders, customer.LastOrderAt)]
                : [];
        }

        var found = await names.FindAsync(query, cancellationToken);
        return
        [
            .. found.Select(name => new FoundCustomer(
                new(Guid.Parse(name.Key.Id), name.Text, name.Email ?? "", name.Country ?? ""), name.Orders,
                name.LatestOrderAt)),
        ];
    }
}

/// <param name="Customer">As the order has it that changed last.</param>
public sealed record FoundCustomer(OrderCustomer Customer, long Orders, DateTimeOffset LastOrderAt);
