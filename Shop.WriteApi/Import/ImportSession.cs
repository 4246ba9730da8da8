using System.Buffers;
using System.Diagnostics;
using Shop.Contracts;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

/// <summary>
/// Imports one body in chunks. While a chunk is written to the database, the lines that arrive meanwhile are parsed:
/// they are the next chunk. A client that waits for an outcome before it sends more gets it.
/// </summary>
/// <param name="by">Who imports.</param>
internal sealed class ImportSession(
    OrderImport import, NdjsonReader lines, OutcomeSpool spool, Actor by, TimeSpan stallTimeout, TimeProvider clock)
{
    private const int MaxLines = 500;
    private const int MaxBytes = 2 * 1024 * 1024;

    private readonly ImportSource _source = new(by, Activity.Current?.Context ?? default);
    private List<ParsedLine> _next = [];
    private int _nextBytes;
    private Task _importing = Task.CompletedTask;
    private Task? _reading;

    private bool IsFull => _next.Count >= MaxLines || _nextBytes >= MaxBytes;

    /// <summary>Returns when every line is imported and its outcome is in the spool.</summary>
    /// <exception cref="ClientStalledException">The client sent nothing for too long.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (await ImportNextAsync(ending.Token))
                await WaitAsync(ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(_importing, _reading ?? Task.CompletedTask)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lines.Release();
        }
    }

    /// <returns>False if the import is complete.</returns>
    private async Task<bool> ImportNextAsync(CancellationToken cancellationToken)
    {
        await ParseArrivedAsync();
        if (!_importing.IsCompleted)
            return true;
        await _importing;
        if (_next.Count == 0)
            return !lines.IsAtEnd;

        var chunk = _next;
        _importing = Task.Run(() => ImportAsync(chunk, cancellationToken), cancellationToken);
        (_next, _nextBytes) = ([], 0);
        return true;
    }

    private async Task ParseArrivedAsync()
    {
        if (_reading is { IsCompleted: true })
        {
            await _reading;
            _reading = null;
        }

        while (_reading is null && !IsFull && lines.TryRead(out var line))
        {
            _next.Add(ParsedLine.Of(line, clock.GetNow()));
            _nextBytes += (int)(line?.Length ?? 0);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        // Reading on while lines are left would gather the whole body in memory.
        await ParseArrivedAsync();
        if (!IsFull && !lines.IsAtEnd)
            _reading ??= lines.WaitAsync(cancellationToken);
        if (_reading is null)
            await _importing;
        else if (!_importing.IsCompleted)
            await Task.WhenAny(_reading, _importing);
        else
            await WaitForClientAsync(_reading, cancellationToken);
    }

    private async Task WaitForClientAsync(Task reading, CancellationToken cancellationToken)
    {
        try
        {
            await reading.WaitAsync(stallTimeout, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ClientStalledException("The client sends no more lines and does not end the body.");
        }
    }

    private async Task ImportAsync(List<ParsedLine> chunk, CancellationToken cancellationToken)
    {
        var outcomes = new ArrayBufferWriter<byte>(chunk.Count * 128);
        foreach (var outcome in await import.ImportAsync(chunk.ToArray(), _source, cancellationToken))
            Ndjson.Write(outcomes, outcome, ImportJson.Wire.ImportOutcome);
        await spool.AddAsync(outcomes.WrittenSpan.ToArray(), cancellationToken);
    }
}
