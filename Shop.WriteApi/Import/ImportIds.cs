using System.Security.Cryptography;
using System.Text;

namespace Shop.WriteApi.Import;

/// <summary>
/// Derives ids from names (UUID version 8, https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8): the same key is
/// always the same order, and the same e-mail address the same customer.
/// </summary>
internal static class ImportIds
{
    public static Guid OfOrder(string key) => Of($"order\n{key}");

    public static Guid OfCustomer(string email) => Of($"customer\n{email.Normalize().ToUpperInvariant()}");

    private static Guid Of(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
