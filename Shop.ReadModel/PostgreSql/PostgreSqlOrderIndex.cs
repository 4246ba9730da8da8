using Npgsql;
using Shop.Contracts;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The live tables, and the shadow of a rebuild beside them.</summary>
internal sealed class PostgreSqlOrderIndex(
    NpgsqlDataSource dataSource, PostgreSqlSchema schema, DualWriter writer) : IOrderIndex
{
    private readonly PostgreSqlGeneration _live = new(dataSource, OrderTables.Live);

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(schema.EnsureCreatedAsync(cancellationToken));

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        writer.WriteAsync(documents, isRepair: false, cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        writer.WriteAsync(documents, isRepair: true, cancellationToken);

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        _live.RemoveAsync(ids, cancellationToken);

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        _live.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        _live.ContentHashesAsync(cancellationToken);

    public Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(PostgreSqlFreshness.SaveAsync(dataSource, report, cancellationToken));

    public Task<IReadOnlyDictionary<Guid, ReadOnlyMemory<byte>>> ReadDocumentsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(ReadAsync(ids, cancellationToken));

    /// <summary>A commit makes documents searchable.</summary>
    public Task WhenSearchableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(
            PostgreSqlFreshness.SaveDatabaseIdAsync(dataSource, id, replaces, cancellationToken));

    private async Task<IReadOnlyDictionary<Guid, ReadOnlyMemory<byte>>> ReadAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"SELECT id, document FROM {PostgreSqlSchema.Documents} WHERE id = ANY($1)");
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<Guid, ReadOnlyMemory<byte>> documents = [];
        while (await reader.ReadAsync(cancellationToken))
            documents.Add(reader.GetGuid(0), reader.GetFieldValue<byte[]>(1));
        return documents;
    }
}
