using System.Runtime.CompilerServices;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Streaming;

/// <summary>One statement, and so one snapshot. The server sends rows only as fast as they are read.</summary>
internal sealed class PostgreSqlOrderExport(NpgsqlDataSource dataSource) : IOrderExport
{
    public async IAsyncEnumerable<StoredOrder> ReadAsync(
        OrderQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand();
        // A reader that is slow is not an error of the server. The caller's token ends the statement.
        command.CommandTimeout = 0;
        command.CommandText = $"""
            SELECT document FROM {PostgreSqlSchema.Summaries} JOIN {PostgreSqlSchema.Documents} AS found USING (id)
            WHERE {new SearchConditions(query).Write(command.Parameters)}
            ORDER BY placed_at, id
            """;
        await using var reader = await PostgreSqlErrors.Guarded(command.ExecuteReaderAsync(cancellationToken));
        while (await PostgreSqlErrors.Guarded(reader.ReadAsync(cancellationToken)))
            yield return reader.GetOrder(0).For(query.Scope);
    }
}
