using Npgsql;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>One page of a search: the statement that reads it, and the position of the next page.</summary>
internal abstract class SearchPage(OrderQuery query)
{
    protected OrderQuery Query { get; } = query;

    /// <summary>One more row than requested, to detect whether there is a next page.</summary>
    protected int Limit => Query.Size + 1;

    public static bool IsByRelevance(OrderQuery query) => query.Sort is OrderSort.Relevance && query.Text.HasRequired;

    public static SearchPage Of(OrderQuery query, SearchEstimate estimate) =>
        IsByRelevance(query) ? new RelevancePage(query, estimate) : new SortedPage(query);

    /// <summary>Whether reading the page also finds the <see cref="Matches"/>.</summary>
    public virtual bool IsCounted => false;

    /// <summary>The number of all orders that the search finds.</summary>
    public long Matches { get; protected set; }

    /// <summary>Adds the parameters to a command; its rows are read by <see cref="ReadAsync"/>.</summary>
    public abstract string Write(SearchConditions conditions, NpgsqlParameterCollection parameters);

    /// <returns>At most the requested number of rows.</returns>
    public abstract Task<IReadOnlyList<StoredOrder>> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken);

    /// <returns>The position of the page after the one that was read; null if it is the last one.</returns>
    public abstract PagePosition? Next(TotalHits total);
}
