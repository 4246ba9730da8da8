namespace Shop.ReadModel.Names;

/// <summary>Finds names, and numbers of orders by their beginning. It does not know scopes: others' names are found.</summary>
/// <remarks>Methods throw <see cref="ReadStoreUnavailableException"/> if the store does not respond.</remarks>
public interface INameSearch
{
    /// <summary>The names that have all words, those with many and recent orders first.</summary>
    Task<IReadOnlyList<FoundName>> FindAsync(NameQuery query, CancellationToken cancellationToken);

    /// <param name="prefix">At least four characters, folded.</param>
    Task<IReadOnlyList<FoundNumber>> FindNumbersAsync(string prefix, int limit, CancellationToken cancellationToken);
}

/// <param name="Text">Its similar words replace a last word as a prefix.</param>
/// <param name="WithEmails">Whether words may also be those of the e-mail address.</param>
public sealed record NameQuery(NameKind Kind, SearchText Text, int Limit, bool WithEmails = false);

/// <param name="Orders">The number of orders about a minute ago.</param>
public sealed record FoundName(
    NameKey Key, string Text, string? Email, string? Country, long Orders, DateTimeOffset LatestOrderAt);

public sealed record FoundNumber(string Number, Guid OrderId);
