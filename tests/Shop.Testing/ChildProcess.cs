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
        exec 3<&0 >>"$1" 2>&1; shift
        "$@" 3<&- & child=$!
        { while read -r _ <&3; do :; done; kill -INT $child; } &
        wait $child
        """;

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public static ChildProcess Start(IReadOnlyList<string> command, string logFile)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardInput = true };
        foreach (var argument in (string[])["-c", Guard, "guard", logFile, .. command])
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
