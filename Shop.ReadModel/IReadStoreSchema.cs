namespace Shop.ReadModel;

/// <summary>Verifies the schema that the projector creates, and never changes anything.</summary>
public interface IReadStoreSchema
{
    /// <returns>What is missing or belongs to another version; null if the schema is as expected.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<SchemaProblem?> FindProblemAsync(CancellationToken cancellationToken);
}

/// <param name="Description">The problem and its remedy.</param>
/// <param name="CanServe">
/// Whether requests can be served in spite of it. The schema of another version is used until a rebuild replaces it.
/// </param>
public sealed record SchemaProblem(string Description, bool CanServe = false);
