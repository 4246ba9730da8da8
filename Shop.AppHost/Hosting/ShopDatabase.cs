namespace Shop.AppHost.Hosting;

/// <summary>The roles of Shop.Migrations that log in.</summary>
internal enum DatabaseRole
{
    Commands,
    Relay,
    Projector,
    Reader,
}

/// <summary>A database and the connection string of each role.</summary>
/// <param name="Resource">The database with its administrator's connection string, or the operator's own.</param>
/// <param name="ConnectionOf">Null for a database of the operator, who decides about its users.</param>
internal sealed record ShopDatabase(
    IResourceBuilder<IResourceWithConnectionString> Resource,
    Func<DatabaseRole, ReferenceExpression>? ConnectionOf = null)
{
    public ReferenceExpression ConnectionFor(DatabaseRole role) =>
        ConnectionOf?.Invoke(role) ?? Resource.Resource.ConnectionStringExpression;
}

/// <summary>The passwords of the roles, made on the first start.</summary>
internal sealed class RolePasswords(IDistributedApplicationBuilder builder, DataDirectory data)
{
    private readonly Dictionary<DatabaseRole, IResourceBuilder<ParameterResource>> _made = [];

    public static string UserName(DatabaseRole role) => $"shop_{Name(role)}";

    public static string Name(DatabaseRole role) => role.ToString().ToLowerInvariant();

    public IResourceBuilder<ParameterResource> For(DatabaseRole role)
    {
        if (_made.TryGetValue(role, out var made))
            return made;

        return _made[role] = builder.AddParameter(
            $"{Name(role)}-password", () => data.Secret($"{Name(role)}.password"), secret: true);
    }
}
