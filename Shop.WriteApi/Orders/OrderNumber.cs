using System.Buffers.Binary;

namespace Shop.WriteApi.Orders;

/// <summary>
/// The number that people read out: ten characters of Crockford's base 32 (https://www.crockford.com/base32.html,
/// without I, L, O and U). It is made of the id's random bits, so it needs no round trip and an order has one for life.
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
