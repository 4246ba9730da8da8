using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;

namespace Shop.WriteApi.Relay;

/// <summary>The relay's own connections to the write database.</summary>
internal sealed class RelayDatabase : IAsyncDisposable
{
    private const int MaxConnections = 4;

    // Ends a walsender whose client is gone, so that the next relay gets the slot soon.
    private const string ReplicationSettings = "-c wal_sender_timeout=10s";

    private readonly NpgsqlDataSource _source;
    private readonly string _replication;
    private readonly string _unpooled;

    public RelayDatabase(IConfiguration configuration, IOptions<RelayOptions> options)
    {
        var connectionString = configuration.GetConnectionString("orders")
            ?? throw new InvalidOperationException("ConnectionStrings:orders is not configured.");
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        _replication = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "shop-relay",
            Options = $"{settings.Options} {ReplicationSettings}".TrimStart(),
        }.ConnectionString;
        settings.ApplicationName = "shop-relay";
        _unpooled = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString;
        settings.MaxPoolSize = MaxConnections;
        settings.MinPoolSize = 0;
        _source = NpgsqlDataSource.Create(settings);
        Slot = options.Value.Slot ?? SlotOf(settings.Database ?? settings.Username ?? "orders");
    }

    public string Slot { get; }

    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        _source.OpenConnectionAsync(cancellationToken);

    /// <summary>A connection whose session ends when it is disposed.</summary>
    public async Task<NpgsqlConnection> OpenUnpooledAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_unpooled);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public NpgsqlCommand CreateCommand(string sql) => _source.CreateCommand(sql);

    public LogicalReplicationConnection CreateReplicationConnection() => new(_replication)
    {
        WalReceiverStatusInterval = TimeSpan.FromSeconds(2),
        WalReceiverTimeout = TimeSpan.FromSeconds(30),
    };

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Slots belong to the server, not to a database, and allow only these characters, at most 63.
    private static string SlotOf(string database)
    {
        var name = $"shop_relay_{database.ToLowerInvariant()}";
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').Take(63));
    }
}
