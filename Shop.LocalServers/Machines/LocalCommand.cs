using System.ComponentModel;
using System.Diagnostics;

namespace Shop.LocalServers.Machines;

/// <summary>Runs short commands until they exit.</summary>
public static class LocalCommand
{
    // Every user may enter this folder. A command may run as another user.
    internal static string NeutralFolder { get; } = Path.GetPathRoot(AppContext.BaseDirectory) ?? "/";

    /// <summary>Runs a command that must succeed.</summary>
    /// <exception cref="LocalServerException">The command failed.</exception>
    internal static async Task MustSucceedAsync(
        ServerCommand command, string input = "", CancellationToken cancellationToken = default)
    {
        var result = await RunAsync(command, input, NeutralFolder, cancellationToken);
        if (!result.Succeeded)
            throw new LocalServerException($"{string.Join(' ', command.Line)} failed: {result.Output}");
    }

    /// <summary>Runs a command; a missing program and a timeout count as a failure.</summary>
    public static async Task<CommandResult> TryAsync(
        TimeSpan limit, string[] command, string? folder = null, CancellationToken cancellationToken = default)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            return await RunAsync(new(command), "", folder ?? NeutralFolder, timeout.Token);
        }
        catch (Win32Exception e)
        {
            return new(-1, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(-1, $"{command[0]} did not exit within {limit.TotalSeconds} s");
        }
    }

    private static async Task<CommandResult> RunAsync(
        ServerCommand command, string input, string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(command.StartInfo(folder))!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return new(process.ExitCode, await output + await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

/// <param name="Output">Standard output followed by standard error.</param>
public sealed record CommandResult(int ExitCode, string Output)
{
    public bool Succeeded => ExitCode == 0;
}

/// <param name="Line">The program and its arguments.</param>
/// <param name="Environment">Variables that are set in addition to those of this process.</param>
public sealed record ServerCommand(string[] Line, IReadOnlyDictionary<string, string>? Environment = null)
{
    internal ProcessStartInfo StartInfo(string folder)
    {
        var start = new ProcessStartInfo(Line[0], Line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in Environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return start;
    }
}
