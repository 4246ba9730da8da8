using Microsoft.Extensions.Options;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>The relay's own connections to the write database.</summary>
internal sealed class RelayDatabase : IAsyncDisposable
{
    /// <summary>Prefix of the logical messages that are heartbeats.</summary>
    public const string HeartbeatPrefix = "shop.heartbeat";

    // Placed before the operator's connection string: the later value of a key wins.
    private const string Defaults = "Application Name=shop-relay;Maximum Pool Size=4;";

    // Ends a walsender whose client is gone, so that the next relay gets the slot soon.
    private const string ReplicationDefaults = "-c wal_sender_timeout=10s";

    private readonly NpgsqlDataSource _source;
    private readonly string _replication;
    private readonly string _unpooled;

    public RelayDatabase(IConfiguration configuration, IOptions<RelayOptions> options)
    {
        var given = Given("relay") ?? Given("orders")
            ?? throw new InvalidOperationException("ConnectionStrings:orders is not configured.");
        var settings = new NpgsqlConnectionStringBuilder(Defaults + given);
        _source = NpgsqlDataSource.Create(settings);
        _unpooled = new NpgsqlConnectionStringBuilder(settings.ConnectionString) { Pooling = false }.ConnectionString;
        _replication = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            Options = $"{ReplicationDefaults} {settings.Options}".TrimEnd(),
        }.ConnectionString;
        Slot = options.Value.Slot ?? SlotOf(settings.Database ?? settings.Username ?? "orders");

        string? Given(string name) =>
            configuration.GetConnectionString(name) is { Length: > 0 } connectionString ? connectionString : null;
    }

    public string Slot { get; }

    /// <summary>Opens a connection whose database session ends when it is disposed.</summary>
    public async Task<NpgsqlConnection> OpenUnpooledAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_unpooled);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public NpgsqlCommand CreateCommand(string sql) => _source.CreateCommand(sql);

    public NpgsqlBatch CreateBatch() => _source.CreateBatch();

    /// <summary>The identity that was made with the database's schema.</summary>
    public async Task<Guid> ReadIdentityAsync(CancellationToken cancellationToken)
    {
        await using var command = CreateCommand("select id from database_identity");
        return (Guid)(await command.ExecuteScalarAsync(cancellationToken)
            ?? throw new InvalidOperationException("The table database_identity of the write database is empty."));
    }

    /// <summary>Writes a heartbeat to the log, if the walsender is the one that reads the slot.</summary>
    /// <returns>The heartbeat's position, or null if another relay has the slot.</returns>
    public async Task<NpgsqlLogSequenceNumber?> EmitHeartbeatAsync(
        int walsender, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand(
            $"""
            select pg_logical_emit_message(true, '{HeartbeatPrefix}', '')
            from pg_replication_slots where slot_name = $1 and active_pid = $2
            """);
        command.Parameters.Add(new() { Value = Slot });
        command.Parameters.Add(new() { Value = walsender });
        return (NpgsqlLogSequenceNumber?)await command.ExecuteScalarAsync(cancellationToken);
    }

    public LogicalReplicationConnection CreateReplicationConnection() => new(_replication)
    {
        WalReceiverStatusInterval = TimeSpan.FromSeconds(2),
        WalReceiverTimeout = TimeSpan.FromSeconds(30),
    };

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    // Slots belong to the server, not to a database. Their names have at most 63 of these characters.
    private static string SlotOf(string database)
    {
        var name = $"shop_relay_{database.ToLowerInvariant()}";
        return string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_').Take(63));
    }
}
