using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Security;

/// <summary>Finds connection strings with a password that comes with a server or a sample.</summary>
internal static class DefaultPasswords
{
    private static readonly string[] Known =
        ["postgres", "password", "admin", "elastic", "changeme", "secret", "shop", "guest", "redis", "test"];

    /// <returns>The setting to change; null if there is none, and always in Development.</returns>
    public static string? Find(WebApplicationBuilder builder)
    {
        if (builder.Environment.IsDevelopment())
            return null;

        var connections = builder.Configuration.GetSection("ConnectionStrings").GetChildren();
        return connections.FirstOrDefault(connection => IsDefault(connection.Value)) is { } found
            ? $"{found.Path} has a default password. Set one of your own."
            : null;
    }

    private static bool IsDefault(string? connection) =>
        Of(connection ?? "") is { } password && Known.Contains(password, StringComparer.OrdinalIgnoreCase);

    private static string? Of(string connection)
    {
        if (Uri.TryCreate(connection, UriKind.Absolute, out var address) && address.UserInfo.Split(':', 2) is [_, var given])
            return Uri.UnescapeDataString(given);

        try
        {
            // Redis separates by commas, the others by semicolons.
            var parts = new DbConnectionStringBuilder { ConnectionString = connection.Replace(',', ';') };
            return parts.TryGetValue("Password", out var password) ? password.ToString() : null;
        }
        catch (ArgumentException)
        {
            return null; // No pairs of names and values, as in Kafka's list of hosts.
        }
    }
}
