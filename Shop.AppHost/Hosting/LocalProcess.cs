using System.ComponentModel;
using System.Diagnostics;

namespace Shop.AppHost.Hosting;

/// <summary>Short commands of this machine, run to their end.</summary>
internal static class LocalProcess
{
    public static async Task<CommandResult> RunAsync(
        IReadOnlyList<string> command, string? input = null, CancellationToken cancellationToken = default)
    {
        using var process = new Process { StartInfo = StartInfo(command) };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return new(process.ExitCode, await output + await errors);
    }

    /// <summary>As <see cref="RunAsync"/>, but to be absent or to take too long is a failure, not an error.</summary>
    public static async Task<CommandResult> TryAsync(TimeSpan limit, params string[] command)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            return await RunAsync(command, cancellationToken: timeout.Token);
        }
        catch (Win32Exception e)
        {
            return new(-1, e.Message);
        }
        catch (OperationCanceledException)
        {
            return new(-1, $"no answer within {limit.TotalSeconds} s");
        }
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> command) => new(command[0], command.Skip(1))
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        // A folder that everyone may enter, for commands of another user.
        WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
    };
}

internal sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}
