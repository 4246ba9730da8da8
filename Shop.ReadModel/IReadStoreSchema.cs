namespace Shop.ReadModel;

/// <summary>The reading side of the schema: verifies what the projector creates, and never changes anything.</summary>
public interface IReadStoreSchema
{
    /// <returns>What is missing or of another version, and what to do about it; null if all is well.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<string?> FindProblemAsync(CancellationToken cancellationToken);
}
