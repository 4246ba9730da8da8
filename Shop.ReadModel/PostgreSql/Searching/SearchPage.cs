using Npgsql;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>One page of a search: the statement that reads it, and where the page after it starts.</summary>
internal abstract class SearchPage(OrderQuery query)
{
    protected OrderQuery Query { get; } = query;

    /// <summary>One row more than asked for tells that there is a next page.</summary>
    protected int Limit => Query.Size + 1;

    public static SearchPage Of(OrderQuery query) => query.Sort is OrderSort.Relevance && query.Text.HasRequired
        ? new RelevancePage(query)
        : new SortedPage(query);

    /// <summary>Adds the parameters to a command; its rows are read by <see cref="ReadAsync"/>.</summary>
    public abstract string Write(SearchConditions conditions, NpgsqlParameterCollection parameters);

    /// <returns>At most as many rows as asked for, and the position to go on from.</returns>
    public abstract Task<(IReadOnlyList<StoredOrder> Orders, PagePosition? Next)> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken);
}
