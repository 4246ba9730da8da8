using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

/// <summary>Finds customers by the words of their names and e-mail addresses.</summary>
public sealed class CustomerFinder(INameSearch names, CustomerReader customers)
{
    /// <summary>
    /// The customers that have all words, the last one as a prefix; those with many and recent orders first. If there
    /// are none, one typing mistake in each word of a name is forgiven. A caller who sees one customer's orders finds
    /// that one.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<FoundCustomers> FindAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        if (!text.HasRequired)
            return new([]);

        // Read once, however often they are compared.
        var own = scope.CustomerId is { } id ? await customers.ReadAsync(id, scope, cancellationToken) : null;
        var found = await MatchesAsync(text, limit);
        if (found.Count > 0 || NameCorrection.Of(text) is not { } correction)
            return new(found);

        return await MatchesAsync(correction.Similar, limit: 1) is [{ Customer: var best }]
            && correction.With(best.Name, best.Email) is { } corrected
            ? new(await MatchesAsync(corrected, limit), corrected.ToString())
            : new([]);

        async Task<IReadOnlyList<FoundCustomer>> MatchesAsync(SearchText words, int limit)
        {
            var query = new NameQuery(NameKind.Customer, words, limit, WithEmails: true);
            return scope.CustomerId is null ? await FindAsync(query, cancellationToken) : Own(own, query);
        }
    }

    private async Task<IReadOnlyList<FoundCustomer>> FindAsync(NameQuery query, CancellationToken cancellationToken)
    {
        var found = await names.FindAsync(query, cancellationToken);
        return
        [
            .. found.Select(name => new FoundCustomer(
                new(Guid.Parse(name.Key.Id), name.Text, name.Email ?? "", name.Country ?? ""), name.Orders,
                name.LatestOrderAt)),
        ];
    }

    private static FoundCustomer[] Own(CustomerSummary? own, NameQuery query) =>
        own is { Customer: var customer }
            && NameWord.AreIn(NameEntry.TermsOf(customer.Name, customer.Email), query)
            ? [new(customer, own.Orders, own.LastOrderAt)]
            : [];
}

/// <param name="Corrected">The text that was searched for instead, because nothing has the given words.</param>
public sealed record FoundCustomers(IReadOnlyList<FoundCustomer> Customers, string? Corrected = null);

/// <param name="Customer">As the order has it that changed last.</param>
public sealed record FoundCustomer(OrderCustomer Customer, long Orders, DateTimeOffset LastOrderAt);
