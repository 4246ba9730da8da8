using System.Buffers;
using System.IO.Pipelines;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

/// <summary>Reads lines from a body of any length. At most one line that has not arrived in full is held.</summary>
internal sealed class NdjsonReader(PipeReader body)
{
    private ReadOnlySequence<byte> _buffer;
    private bool _isLast;
    private bool _isReading;
    private bool _isTooLong;

    /// <summary>Whether every line was read.</summary>
    public bool IsAtEnd => _isLast && _buffer.IsEmpty;

    /// <summary>Waits until more of the body has arrived. Invalidates the lines that were read before.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Release();
        // Kestrel does not allow another read after one that a token has cancelled.
        using var cancelling = cancellationToken.UnsafeRegister(_ => CancelRead(), null);
        ReadResult result;
        while ((result = await body.ReadAsync(CancellationToken.None)).IsCanceled)
        {
            body.AdvanceTo(result.Buffer.Start);
            cancellationToken.ThrowIfCancellationRequested();
        }

        (_buffer, _isLast, _isReading) = (result.Buffer, result.IsCompleted, true);
    }

    private void CancelRead()
    {
        try
        {
            body.CancelPendingRead();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client has disconnected, which ends the read too.
        }
    }

    /// <summary>Gives the buffers of what was read back to the body.</summary>
    public void Release()
    {
        if (_isReading)
            body.AdvanceTo(_buffer.Start, _buffer.End);
        (_buffer, _isReading) = (default, false);
    }

    /// <summary>Reads what is left of the body and drops it.</summary>
    /// <exception cref="ClientStalledException">The client sent nothing for too long.</exception>
    public async Task DiscardAsync(TimeSpan stallTimeout, CancellationToken cancellationToken)
    {
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (!_isLast)
            {
                stalled.CancelAfter(stallTimeout);
                await WaitAsync(stalled.Token);
                _buffer = _buffer.Slice(_buffer.End);
            }

            Release();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClientStalledException("The client does not end the body of an import that failed.");
        }
    }

    /// <summary>Reads the next line that is not blank.</summary>
    /// <param name="line">Null if the line is too long.</param>
    /// <returns>False if no further line has arrived in full.</returns>
    public bool TryRead(out ReadOnlySequence<byte>? line)
    {
        while (TryReadAny(out var any))
        {
            // Files that were joined have a mark at the start of each.
            any = ByteOrderMark.Skip(any);
            var isTooLong = _isTooLong || any.Length > RequestLimits.Body;
            _isTooLong = false;
            line = isTooLong ? null : any;
            if (isTooLong || !IsBlank(any))
                return true;
        }

        line = null;
        return false;
    }

    private bool TryReadAny(out ReadOnlySequence<byte> line)
    {
        if (_buffer.PositionOf((byte)'\n') is { } end)
        {
            line = _buffer.Slice(0, end);
            _buffer = _buffer.Slice(_buffer.GetPosition(1, end));
            return true;
        }

        line = _buffer;
        if (_isLast && !_buffer.IsEmpty)
        {
            _buffer = _buffer.Slice(_buffer.End);
            return true;
        }

        if (_buffer.Length > RequestLimits.Body)
        {
            _isTooLong = true;
            _buffer = _buffer.Slice(_buffer.End);
        }

        return false;
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
