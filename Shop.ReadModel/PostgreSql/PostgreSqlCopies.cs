using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The copies in the database, as this process knows them.</summary>
internal sealed class PostgreSqlCopies
{
    private readonly NpgsqlDataSource _dataSource;

    public PostgreSqlCopies(NpgsqlDataSource dataSource, PostgreSqlOptions options, TimeProvider time)
    {
        _dataSource = dataSource;
        Next = new PostgreSqlCopy(dataSource, CopyTables.Next);
        Writer = new(LookAsync, options.CopiesLifetime, time);
    }

    public IOrderCopy Next { get; }
    public CopyWriter Writer { get; }

    public async Task<TableCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await _dataSource.OpenConnectionAsync(cancellationToken);
            return await TableCatalog.ReadAsync(connection, cancellationToken);
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }

    private async Task<WrittenCopies> LookAsync(CancellationToken cancellationToken)
    {
        var catalog = await ReadAsync(cancellationToken);
        return new(new PostgreSqlCopy(_dataSource, catalog.Live), catalog.Next is null ? null : Next);
    }
}
