using System.Buffers.Binary;

namespace Shop.WriteApi.Domain;

/// <summary>
/// The number that people use: ten characters of Crockford's base 32 (https://www.crockford.com/base32.html, without
/// I, L, O and U). It is derived from the id's random bits, so it needs no round trip and never changes.
/// </summary>
internal static class OrderNumber
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 10;

    public static string Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var random = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        return string.Create(Length, random, static (number, bits) =>
        {
            for (var i = Length - 1; i >= 0; i--, bits >>= 5)
                number[i] = Alphabet[(int)(bits & 31)];
        });
    }
}
