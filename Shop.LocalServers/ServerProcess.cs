using System.Diagnostics;
using System.Globalization;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// A server as a child of this process. The server ends with this process, even if this process is killed: the shell
/// that starts the server waits for the end of its standard input, which the operating system then closes.
/// </summary>
public sealed class ServerProcess(LocalServer server) : IAsyncDisposable
{
    // Descriptor 3 keeps the pipe for the guard, because the background jobs of a shell have no standard input.
    private const string Guard = """
        exec 3<&0 >>"$1" 2>&1; signal=$2; shift 2
        "$@" 3<&- & child=$!
        { while read -r _ <&3; do :; done; kill -$signal $child; } &
        wait $child
        """;

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private Process? _process;

    private string Log => server.Directory + ".log";

    /// <summary>Starts the server and waits until it is up. A restart keeps the port and the data.</summary>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await server.PrepareAsync(cancellationToken);
        var command = server.Command;
        string[] guarded = ["bash", "-c", Guard, "guard", Log, server.StopSignal];
        var start = (command with { Line = [.. guarded, .. command.Line] }).StartInfo(LocalCommand.NeutralFolder);
        start.RedirectStandardOutput = start.RedirectStandardError = false;
        _process = Process.Start(start)!;
        var waited = Stopwatch.StartNew();
        while (await FailureAsync(cancellationToken) is { } failure)
        {
            if (_process.HasExited || waited.Elapsed > StartLimit)
            {
                await StopAsync();
                throw new LocalServerException($"{server.Name} did not start. Its log is {Log}. {failure.Message}");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <summary>Kills the server, as in a crash.</summary>
    public async Task KillAsync()
    {
        var id = (await File.ReadAllLinesAsync(server.PidFile))[0];
        using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        process.Kill();
        await StopAsync();
    }

    /// <summary>Shuts the server down in an orderly way.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
            return;

        process.StandardInput.Close();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<Exception?> FailureAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        try
        {
            await server.ConnectAsync(limit.Token);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return exception;
        }
    }
}
