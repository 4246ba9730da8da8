using System.Runtime.CompilerServices;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Streaming;

/// <summary>
/// Reads through a cursor, which sees one snapshot. The server sorts only the ids of the matching orders, or reads them
/// from an index, and looks up the documents one by one. Without a cursor it would first sort all documents on disk, which
/// takes more than a second of a core for 100,000 orders.
/// </summary>
internal sealed class PostgreSqlOrderExport(NpgsqlDataSource dataSource) : IOrderExport
{
    private const int RowsAtATime = 100;

    public async IAsyncEnumerable<StoredOrder> ReadAsync(
        OrderQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await PostgreSqlErrors.Guarded(dataSource.OpenConnectionAsync(cancellationToken).AsTask());
        await using var transaction = await PostgreSqlErrors.Guarded(connection.BeginTransactionAsync(cancellationToken).AsTask());
        await using var command = new NpgsqlCommand { Connection = connection, Transaction = transaction };
        // A few matches in a large table can take long to find. The caller cancels the statement with its token.
        command.CommandTimeout = 0;
        command.CommandText = $"""
            DECLARE export NO SCROLL CURSOR FOR
            SELECT document
            FROM (
                SELECT id, placed_at FROM {PostgreSqlSchema.Summaries}
                WHERE {new SearchConditions(query).Write(command.Parameters)}
                ORDER BY placed_at DESC, id DESC
                OFFSET 0
            ) AS matches
            JOIN {PostgreSqlSchema.Documents} USING (id)
            ORDER BY placed_at DESC, id DESC
            """;
        await PostgreSqlErrors.Guarded(command.ExecuteNonQueryAsync(cancellationToken));
        command.Parameters.Clear();
        command.CommandText = $"FETCH FORWARD {RowsAtATime} FROM export";
        for (var rows = RowsAtATime; rows == RowsAtATime;)
        {
            await using var reader = await PostgreSqlErrors.Guarded(command.ExecuteReaderAsync(cancellationToken));
            for (rows = 0; await PostgreSqlErrors.Guarded(reader.ReadAsync(cancellationToken)); rows++)
                yield return reader.GetOrder(0).For(query.Scope);
        }
    }
}
