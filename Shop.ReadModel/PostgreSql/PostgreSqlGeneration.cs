using Npgsql;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.PostgreSql.Writing;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The documents in one pair of tables.</summary>
internal sealed class PostgreSqlGeneration(NpgsqlDataSource dataSource, OrderTables tables) : IOrderGeneration
{
    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(WriteAsync(documents, isRepair: false, cancellationToken));

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(WriteAsync(documents, isRepair: true, cancellationToken));

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            WITH gone AS (DELETE FROM {tables.Summaries} WHERE id = ANY($1))
            DELETE FROM {tables.Documents} WHERE id = ANY($1)
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        await PostgreSqlErrors.Guarded(command.ExecuteNonQueryAsync(cancellationToken));
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        StoredContents.VersionsAsync(dataSource, tables, cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        StoredContents.HashesAsync(dataSource, tables.Documents, cancellationToken);

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents, bool isRepair, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        try
        {
            await using var command = OrderUpsert.Create(dataSource, tables, documents, isRepair);
            HashSet<Guid> written = [.. await command.ExecuteScalarAsync(cancellationToken) as Guid[] ?? []];

            return [.. documents.Select(document => new IndexOutcome(
                document.Id, written.Contains(document.Id) ? IndexResult.Applied : IndexResult.AlreadyNewer))];
        }
        catch (PostgresException refusal) when (refusal.IsRefusal())
        {
            return documents.Count == 1
                ? [new(documents[0].Id, IndexResult.Rejected, refusal.MessageText)]
                : await WriteHalvesAsync(documents, isRepair, cancellationToken);
        }
    }

    // One document that cannot be stored must not block the others. Halving the batch finds it in few round trips.
    private async Task<IReadOnlyList<IndexOutcome>> WriteHalvesAsync(
        IReadOnlyList<SerializedOrder> documents, bool isRepair, CancellationToken cancellationToken)
    {
        var half = documents.Count / 2;
        var first = await WriteAsync([.. documents.Take(half)], isRepair, cancellationToken);
        var second = await WriteAsync([.. documents.Skip(half)], isRepair, cancellationToken);
        return [.. first, .. second];
    }
}
