using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Statistics;

internal sealed class PostgreSqlCustomerSearch(NpgsqlDataSource dataSource) : ICustomerSearch
{
    private const int TimeoutSeconds = 5;

    public async Task<IReadOnlyList<FoundCustomer>> SearchAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        if (WordsQuery.OfCustomer(text) is not { } words)
            return [];

        await using var command = dataSource.CreateCommand();
        command.CommandTimeout = TimeoutSeconds;
        var conditions = $"search @@ {command.Parameters.AddValue(words)}::tsquery";
        if (SearchConditions.Scope(scope, command.Parameters) is { } confined)
            conditions += $" AND {confined}";
        command.CommandText = $"""
            SELECT document, orders FROM (
                SELECT customer_id, count(*) AS orders, max(placed_at) AS latest,
                    (array_agg(id ORDER BY placed_at DESC, id DESC))[1] AS id
                FROM {PostgreSqlSchema.Summaries}
                WHERE {conditions}
                GROUP BY customer_id
                ORDER BY orders DESC, latest DESC, customer_id
                LIMIT {command.Parameters.AddValue((long)limit)}
            ) AS customers JOIN {PostgreSqlSchema.Documents} AS found USING (id)
            ORDER BY orders DESC, latest DESC, customer_id
            """;
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            List<FoundCustomer> customers = [];
            while (await reader.ReadAsync(cancellationToken))
            {
                var order = reader.GetOrder(0).Document;
                customers.Add(new(order.Customer, reader.GetInt64(1), order.PlacedAt));
            }

            return customers;
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }
}
