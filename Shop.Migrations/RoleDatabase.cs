using Npgsql;

namespace Shop.Migrations;

/// <summary>A connection pool of an administrator, who creates roles.</summary>
internal sealed class RoleDatabase : IAsyncDisposable
{
    private readonly string _administrator;
    private readonly RoleSettings _settings;

    public RoleDatabase(string administrator, RoleSettings settings)
    {
        _settings = settings;
        _administrator = new NpgsqlConnectionStringBuilder($"Application Name=shop-migrations;{administrator}")
        {
            // Nothing of a row in messages.
            IncludeErrorDetail = false,
            Pooling = false,
        }.ConnectionString;
        Source = NpgsqlDataSource.Create(_administrator);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Creates a pool whose sessions have the rights of a role that need not be able to log in.</summary>
    public NpgsqlDataSource As(string role)
    {
        var settings = new NpgsqlConnectionStringBuilder(_administrator);
        settings.Options = $"{settings.Options} -c role={_settings.NameOf(role)}".TrimStart();
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Creates the roles that do not exist and sets the passwords that are given.</summary>
    public async Task CreateRolesAsync(
        IReadOnlyList<(string Role, string Attributes)> roles, CancellationToken cancellationToken)
    {
        foreach (var (role, attributes) in roles)
        {
            var name = _settings.NameOf(role);
            // Roles belong to the server: another run may create the same one for another database at the same time.
            await ExecuteAsync($"""
                do $$ begin
                    if not exists (select from pg_roles where rolname = '{name}') then
                        create role {name} {attributes};
                    end if;
                exception when duplicate_object or unique_violation then null;
                end $$
                """, cancellationToken);
            if (_settings.Passwords.TryGetValue(role, out var password))
                await ExecuteAsync($"alter role {name} login password '{ScramSecret.Of(password)}'", cancellationToken);
        }
    }

    /// <summary>Runs the statements of an embedded file in one transaction.</summary>
    public Task RunFileAsync(string file, CancellationToken cancellationToken) =>
        RunFileAsync(Source, file, cancellationToken);

    public async Task RunFileAsync(NpgsqlDataSource source, string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(typeof(RoleDatabase).Assembly.GetManifestResourceStream(file)!);
        await using var command = source.CreateCommand(
            _settings.Fill(await reader.ReadToEndAsync(cancellationToken)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
