using System.Diagnostics;

namespace Shop.Testing;

/// <summary>Whether containers can be started. An installed client is not enough: the engine has to respond.</summary>
public static class Docker
{
    private static readonly Lazy<Task<bool>> Answer = new(AskAsync);

    public static Task<bool> IsRunningAsync() => Answer.Value;

    private static async Task<bool> AskAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            using var docker = Process.Start(new ProcessStartInfo("docker", ["info"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            await docker.WaitForExitAsync(limit.Token);
            return docker.ExitCode == 0;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or OperationCanceledException)
        {
            return false;
        }
    }
}
