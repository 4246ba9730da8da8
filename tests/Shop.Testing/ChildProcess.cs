using System.Diagnostics;

namespace Shop.Testing;

/// <summary>
/// A server that a test run started. It ends with the run even where the run is killed: a shell beside it waits for
/// the end of its standard input, which the system closes.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    // Descriptor 3 keeps the run's pipe for the guard: a shell gives its background jobs no standard input.
    private const string Guard = """
        exec 3<&0 >>"$1" 2>&1; signal=$2; shift 2
        "$@" 3<&- & child=$!
        { while read -r _ <&3; do :; done; kill -$signal $child; } &
        wait $child
        """;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    /// <param name="signal">What ends it; a Java process that a shell started in the background ignores INT.</param>
    public static ChildProcess Start(IReadOnlyList<string> command, string logFile, string signal = "INT")
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-c", Guard, "guard", logFile, signal, .. command])
            start.ArgumentList.Add(argument);
        return new ChildProcess(Process.Start(start)!);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
