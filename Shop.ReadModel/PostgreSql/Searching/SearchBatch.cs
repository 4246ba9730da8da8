using Npgsql;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>Statements of a search that take one round trip.</summary>
internal sealed class SearchBatch : IAsyncDisposable
{
    private const int TimeoutSeconds = 5;

    private readonly NpgsqlBatch _batch;

    public SearchBatch(NpgsqlDataSource dataSource)
    {
        _batch = dataSource.CreateBatch();
        _batch.Timeout = TimeoutSeconds;
    }

    public void Add(Func<NpgsqlParameterCollection, string> write)
    {
        var command = new NpgsqlBatchCommand();
        command.CommandText = write(command.Parameters);
        _batch.BatchCommands.Add(command);
    }

    public Task<NpgsqlDataReader> ReadAsync(CancellationToken cancellationToken) =>
        _batch.ExecuteReaderAsync(cancellationToken);

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
