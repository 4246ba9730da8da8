using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Shop.ReadApi.Live;

/// <summary>
/// Makes ids of events out of the store's positions, and back. An id is encrypted and authenticated (AES-GCM), because a
/// position counts the changes of all orders and can name one of them.
/// </summary>
/// <param name="key">That of cursors: an id is valid in every instance of the read API.</param>
internal sealed class LivePositions(byte[] key)
{
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = NonceLength + TagLength;

    private readonly byte[] _key =
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyLength, info: "Shop.ReadApi.Live"u8.ToArray());

    public string ToEventId(string position)
    {
        var text = Encoding.UTF8.GetBytes(position);
        var id = new byte[HeadLength + text.Length];
        RandomNumberGenerator.Fill(id.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(id.AsSpan(0, NonceLength), text, id.AsSpan(HeadLength), id.AsSpan(NonceLength, TagLength));
        return Base64Url.EncodeToString(id);
    }

    /// <returns>Null if no instance with this key made the id.</returns>
    public string? TryRead(string eventId)
    {
        if (!Base64Url.IsValid(eventId, out var length) || length <= HeadLength)
            return null;

        var id = Base64Url.DecodeFromChars(eventId);
        var text = new byte[id.Length - HeadLength];
        using var cipher = new AesGcm(_key, TagLength);
        try
        {
            cipher.Decrypt(id.AsSpan(0, NonceLength), id.AsSpan(HeadLength), id.AsSpan(NonceLength, TagLength), text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        return Encoding.UTF8.GetString(text);
    }
}
