using System.Buffers;

namespace Shop.WriteApi.Http;

/// <summary>
/// A UTF-8 byte order mark before JSON, which a reader may ignore (https://www.rfc-editor.org/rfc/rfc8259#section-8.1).
/// </summary>
internal static class ByteOrderMark
{
    private static ReadOnlySpan<byte> Utf8 => [0xEF, 0xBB, 0xBF];

    public static ReadOnlySequence<byte> Skip(ReadOnlySequence<byte> bytes)
    {
        var reader = new SequenceReader<byte>(bytes);
        return reader.IsNext(Utf8, advancePast: true) ? reader.UnreadSequence : bytes;
    }
}
