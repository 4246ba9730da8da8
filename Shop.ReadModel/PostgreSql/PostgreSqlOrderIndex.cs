using Npgsql;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql;

/// <summary>Writes to the live tables and, during a rebuild, to the shadow.</summary>
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

    /// <summary>A commit makes documents searchable.</summary>
    public Task WhenSearchableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(
            PostgreSqlFreshness.SaveDatabaseIdAsync(dataSource, id, replaces, cancellationToken));
}
