using System.Diagnostics;
using Shop.LocalServers.Machines;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Faults;

/// <summary>The write API in a process of its own that can be killed.</summary>
internal sealed class WriteApiProcess : IAsyncDisposable
{
    private readonly string _connectionString;
    private Process? _process;

    public WriteApiProcess(string connectionString)
    {
        _connectionString = connectionString;
        Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePort.Next()}") };
    }

    public HttpClient Client { get; }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ConnectionStrings__orders"] = _connectionString,
                ["Relay__Enabled"] = "false",
                ["Logging__LogLevel__Default"] = "Error",
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = Client.BaseAddress!.ToString(),
            },
        };
        _process = Process.Start(start)!;
        await Eventually.HoldsAsync(IsReadyAsync, "The write API is ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>Sends SIGKILL, so that the service cannot clean up.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        Client.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
