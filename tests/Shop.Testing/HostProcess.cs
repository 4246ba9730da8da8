using System.Collections.Concurrent;
using System.Diagnostics;
using Shop.LocalServers.Machines;

namespace Shop.Testing;

/// <summary>The host in a process of its own, as people start it.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] OwnLines =
    [
        "  servers ", "  access ", "  sign-in ", "  data ", "  dashboard ", "  write API ", "  read API ", "  projector ", "Ready after ",
        "Looking for the servers.", "Starting the orchestrator, ", "Not ready after ",
    ];

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public int Id => _process.Id;

    public static HostProcess Start(
        IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(Checkout.Program("Shop.AppHost"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Checkout.Root, "Shop.AppHost"),
        };
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var host = new HostProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        host.Run();
        return host;
    }

    public static async Task<HostProcess> StartReadyAsync(
        IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment)
    {
        var host = Start(arguments, environment);
        try
        {
            await host.InTimeAsync(host._ready.Task);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>The lines of the output that do not belong to a normal start, run and stop.</summary>
    public IEnumerable<string> OtherLines => _output.Where(
        line => line.Length > 0 && !OwnLines.Any(own => line.StartsWith(own, StringComparison.Ordinal)));

    /// <returns>The exit code, once all output is in <see cref="Output"/>.</returns>
    public Task<int> ExitAsync() => InTimeAsync(_ended.Task);

    /// <summary>Stops the host as a service manager does. (A background process ignores the signal of Ctrl-C.)</summary>
    public async Task StopAsync()
    {
        using var signal = Process.Start("kill", ["-TERM", $"{Id}"]);
        await ExitAsync();
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_ended.Task.IsCompleted)
            await StopAsync();
        _process.Dispose();
    }

    private void Run()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ = EndAsync();
    }

    private async Task EndAsync()
    {
        await _process.WaitForExitAsync();
        _ended.SetResult(_process.ExitCode);
        _ready.TrySetException(new InvalidOperationException($"The host ended with {_process.ExitCode}:\n{Output}"));
    }

    private async Task<T> InTimeAsync<T>(Task<T> task)
    {
        await InTimeAsync((Task)task);
        return await task;
    }

    private async Task InTimeAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not within {Patience}; the output of the host:\n{Output}");
        }
    }

    private void Take(string? line)
    {
        if (line is null)
            return;
        _output.Enqueue(line);
        if (line.StartsWith("Ready ", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
