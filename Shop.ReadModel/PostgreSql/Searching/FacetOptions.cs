namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>Settings of the configuration section <c>PostgreSql</c> that searches use.</summary>
public sealed class FacetOptions
{
    /// <summary>Facets of a search that finds more orders are estimated from a sample of at most half as many.</summary>
    public int CountedFacetOrders { get; set; } = 20_000;
}
