using Npgsql;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>One page of a search: the statement that reads it, and the position of the next page.</summary>
internal abstract class SearchPage(OrderQuery query)
{
    protected OrderQuery Query { get; } = query;

    /// <summary>One more row than requested, to detect whether there is a next page.</summary>
    protected int Limit => Query.Size + 1;

    public static bool IsByRelevance(OrderQuery query) => query.Sort is OrderSort.Relevance && query.Text.HasRequired;

    /// <param name="edge">The last match of a new window of a page by relevance; null for all matches.</param>
    public static SearchPage Of(OrderQuery query, PageEdge? edge) =>
        IsByRelevance(query) ? new RelevancePage(query, edge) : new SortedPage(query);

    /// <summary>Adds the parameters to a command; its rows are read by <see cref="ReadAsync"/>.</summary>
    public abstract string Write(SearchConditions conditions, NpgsqlParameterCollection parameters);

    /// <returns>At most the requested number of rows, and the position of the next page.</returns>
    public abstract Task<(IReadOnlyList<StoredOrder> Orders, PagePosition? Next)> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken);
}
