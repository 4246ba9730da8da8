using System.Collections.Concurrent;
using System.Diagnostics;

namespace Shop.Testing;

/// <summary>The host as people start it: a process of its own, with arguments.</summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process) => _process = process;

    public string Output => string.Join('\n', _output);

    public int Id => _process.Id;

    /// <summary>The folder of Shop.sln.</summary>
    public static string Root { get; } = FindRoot();

    public static HostProcess Start(
        IEnumerable<string> arguments, params IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(Program("Shop.AppHost"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.Combine(Root, "Shop.AppHost"),
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

    /// <summary>The program of a project, built as the caller is.</summary>
    public static string Program(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory); // as bin/Debug/net10.0
        return Path.Combine(Root, project, "bin", output.Parent!.Name, output.Name, project + Suffix);
    }

    /// <returns>The exit code, once all that the host said is in <see cref="Output"/>.</returns>
    public Task<int> ExitAsync() => InTimeAsync(_ended.Task);

    /// <summary>As a service manager ends it. (Ctrl-C's signal is ignored by what was started in the background.)</summary>
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

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Shop.sln")))
            folder = folder.Parent;
        return folder.FullName;
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
            throw new TimeoutException($"Not within {Patience}; what the host said:\n{Output}");
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
