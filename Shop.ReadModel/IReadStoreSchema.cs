namespace Shop.ReadModel;

/// <summary>The reading side of the schema: verifies what the projector creates, and never changes anything.</summary>
public interface IReadStoreSchema
{
    /// <returns>What is missing or of another version; null if all is well.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<SchemaProblem?> FindProblemAsync(CancellationToken cancellationToken);
}

/// <param name="Description">What is wrong and what to do about it.</param>
/// <param name="CanServe">
/// Whether readers can do without. Documents in another version's definition are served until a rebuild replaces it.
/// </param>
public sealed record SchemaProblem(string Description, bool CanServe = false);
