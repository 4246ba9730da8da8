namespace Shop.Contracts;

/// <summary>Response headers of the write API's feeds.</summary>
public static class FeedHeaders
{
    /// <summary>The identity of the write database, a <c>Guid</c> in "D" format.</summary>
    public const string DatabaseId = "Shop-Database-Id";
}
