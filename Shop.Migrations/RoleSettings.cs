using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Shop.Migrations;

/// <summary>
/// The section <c>Roles</c>: the roles' names begin with <c>Prefix</c>, <c>Passwords</c> has the password of each role
/// that can log in. The password of a role without one is left as it is.
/// </summary>
internal sealed partial record RoleSettings(string Prefix, IReadOnlyDictionary<string, string> Passwords)
{
    public const string Owner = "owner";
    public const string Commands = "commands";
    public const string Relay = "relay";
    public const string Projector = "projector";
    public const string Reader = "reader";

    private const string Section = "Roles";

    public string NameOf(string role) => $"{Prefix}_{role}";

    /// <summary>Replaces <c>{role}</c> by the role's name.</summary>
    public string Fill(string sql) => Placeholder().Replace(sql, match => NameOf(match.Groups[1].Value));

    public static RoleSettings Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        var prefix = section[nameof(Prefix)] ?? "shop";
        if (!Name().IsMatch(prefix))
            throw new MigrationSettingException(
                $"{Section}:{nameof(Prefix)} must be at most 40 lower-case letters, digits and underscores.");

        string[] withPassword = [Commands, Relay, Projector, Reader];
        return new(prefix, withPassword
            .Select(role => (role, Password: section.GetSection(nameof(Passwords))[role]))
            .Where(given => given.Password is { Length: > 0 })
            .ToDictionary(given => given.role, given => given.Password!));
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9_]{0,39}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\{(owner|commands|relay|projector|reader)\}")]
    private static partial Regex Placeholder();
}
