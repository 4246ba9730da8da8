using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

/// <summary>Reads lines from a stream of any length without holding more than one of them.</summary>
internal static class NdjsonLines
{
    /// <returns>Each line that is not blank. A line that is too long is null.</returns>
    public static async IAsyncEnumerable<byte[]?> ReadAsync(
        PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isTooLong = false;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (TryReadLine(ref buffer, result.IsCompleted, out var line))
            {
                // Files that were joined have a mark at the start of each.
                line = ByteOrderMark.Skip(line);
                if (isTooLong || line.Length > RequestLimits.Body)
                    yield return null;
                else if (!IsBlank(line))
                    yield return line.ToArray();
                isTooLong = false;
            }

            if (buffer.Length > RequestLimits.Body)
            {
                isTooLong = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                yield break;
        }
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, bool isLast, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!isLast || buffer.IsEmpty)
            return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
                return false;
        }

        return true;
    }
}
