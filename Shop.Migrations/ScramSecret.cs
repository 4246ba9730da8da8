using System.Security.Cryptography;
using System.Text;

namespace Shop.Migrations;

/// <summary>
/// Computes what the server stores in place of a password (https://www.rfc-editor.org/rfc/rfc5803), so that the password
/// itself is never part of a statement, which a server may log.
/// </summary>
internal static class ScramSecret
{
    // As many as the server itself uses.
    private const int Iterations = 4_096;
    private const int SaltSize = 16;

    /// <exception cref="MigrationSettingException">The password has other characters than printable ASCII.</exception>
    public static string Of(string password)
    {
        // Other characters would have to be normalised as in RFC 4013.
        if (password.Any(c => c is < ' ' or > '~'))
            throw new MigrationSettingException("Passwords of roles must be printable ASCII.");

        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
