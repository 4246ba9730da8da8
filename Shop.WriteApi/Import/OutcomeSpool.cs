using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace Shop.WriteApi.Import;

/// <summary>
/// Outcomes on their way to the client. Most clients write the whole body before they read, so an import goes on while
/// nobody reads: its outcomes wait in memory and, beyond that, in a temporary file.
/// </summary>
internal sealed class OutcomeSpool(ImportOptions options) : IDisposable
{
    private const int MaxMemory = 256 * 1024;
    private const int PieceSize = 64 * 1024;

    private readonly SemaphoreSlim _mutex = new(1);
    private readonly SemaphoreSlim _added = new(0);
    private readonly SemaphoreSlim _sent = new(0);

    // What is in memory is older than what is in the file, and that is older than the last ones.
    private readonly Queue<byte[]> _memory = new();
    private readonly Queue<byte[]> _last = new();
    private long _memoryBytes;
    private SafeFileHandle? _file;
    private long _fileStart;
    private long _fileEnd;
    private bool _isComplete;

    /// <summary>Whether nothing was ever added.</summary>
    public bool IsUnused { get; private set; } = true;

    /// <summary>Adds outcomes; waits only if the file is as large as it may become.</summary>
    /// <exception cref="ClientStalledException">The client read nothing for too long.</exception>
    /// <exception cref="SpoolException">The file cannot be written. Only <see cref="AddLastAsync"/> may follow.</exception>
    public async Task AddAsync(byte[] outcomes, CancellationToken cancellationToken)
    {
        IsUnused = false;
        while (!await TryAddAsync(outcomes, cancellationToken))
            await WaitForClientAsync(cancellationToken);
        _added.Release();
    }

    /// <summary>Adds what follows everything else. It stays in memory.</summary>
    public async Task AddLastAsync(byte[] outcomes, CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        _last.Enqueue(outcomes);
        _mutex.Release();
        _added.Release();
    }

    /// <summary>Waits until the client has everything. Nothing may be added any more.</summary>
    /// <exception cref="ClientStalledException">The client read nothing for too long.</exception>
    public async Task CompleteAsync(Task sending, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isComplete, true);
        _added.Release();
        while (!sending.IsCompleted)
            await await Task.WhenAny(sending, WaitForClientAsync(cancellationToken));
        await sending;
    }

    /// <summary>Sends what is added, in order, as fast as the client reads it.</summary>
    public async Task SendAsync(PipeWriter response, CancellationToken cancellationToken)
    {
        bool isLast;
        do
        {
            await _added.WaitAsync(cancellationToken);
            isLast = Volatile.Read(ref _isComplete);
            while (await TryTakeAsync(response, cancellationToken))
            {
                await response.FlushAsync(cancellationToken);
                _sent.Release();
            }
        }
        while (!isLast);
    }

    public void Dispose()
    {
        _file?.Dispose();
        _mutex.Dispose();
        _added.Dispose();
        _sent.Dispose();
    }

    private async Task WaitForClientAsync(CancellationToken cancellationToken)
    {
        if (!await _sent.WaitAsync(options.StallTimeout, cancellationToken))
            throw new ClientStalledException("The client does not read the outcomes of its import.");
    }

    private async Task<bool> TryAddAsync(byte[] outcomes, CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        try
        {
            if (_fileEnd == 0 && _memoryBytes + outcomes.Length <= MaxMemory)
            {
                _memory.Enqueue(outcomes);
                _memoryBytes += outcomes.Length;
                return true;
            }

            if (_fileEnd >= options.MaxSpoolBytes)
                return false;
            await WriteAsync(outcomes, cancellationToken);
            return true;
        }
        finally
        {
            _mutex.Release();
        }
    }

    private async Task WriteAsync(byte[] outcomes, CancellationToken cancellationToken)
    {
        try
        {
            _file ??= CreateFile();
            await RandomAccess.WriteAsync(_file, outcomes, _fileEnd, cancellationToken);
            _fileEnd += outcomes.Length;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _last.Enqueue(outcomes);
            throw new SpoolException(exception);
        }
    }

    /// <returns>False if there is nothing to send.</returns>
    private async Task<bool> TryTakeAsync(PipeWriter response, CancellationToken cancellationToken)
    {
        await _mutex.WaitAsync(cancellationToken);
        try
        {
            if (_memory.TryDequeue(out var outcomes))
            {
                _memoryBytes -= outcomes.Length;
                response.Write(outcomes);
                return true;
            }

            if (_fileEnd > 0)
                await ReadFileAsync(response, cancellationToken);
            else if (_last.TryDequeue(out var last))
                response.Write(last);
            else
                return false;
            return true;
        }
        finally
        {
            _mutex.Release();
        }
    }

    private async Task ReadFileAsync(PipeWriter response, CancellationToken cancellationToken)
    {
        var piece = response.GetMemory(PieceSize)[..PieceSize];
        // A write that failed may have left bytes behind the end.
        var length = (int)Math.Min(PieceSize, _fileEnd - _fileStart);
        var count = await RandomAccess.ReadAsync(_file!, piece[..length], _fileStart, cancellationToken);
        response.Advance(count);
        _fileStart += count;
        if (_fileStart == _fileEnd)
        {
            (_fileStart, _fileEnd) = (0, 0);
            RandomAccess.SetLength(_file!, 0);
        }
    }

    // On Unix an open file needs no name: the space is freed even if the process is killed.
    private SafeFileHandle CreateFile()
    {
        var folder = options.SpoolFolder ?? Path.GetTempPath();
        var path = Path.Combine(folder, $"shop-import-{Guid.CreateVersion7():N}");
        var file = File.OpenHandle(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
        return file;
    }
}

/// <summary>The outcomes that the client has not read yet cannot be written to a file.</summary>
internal sealed class SpoolException(Exception cause) : IOException(cause.Message, cause);

/// <summary>The client neither sends nor reads, so that its import cannot go on.</summary>
internal sealed class ClientStalledException(string message) : IOException(message);
