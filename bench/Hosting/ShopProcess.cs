using System.Diagnostics;
using System.Globalization;
using Shop.LocalServers.Machines;
using Shop.Testing;

namespace Shop.Bench.Hosting;

/// <summary>The whole application as its users run it, in a folder and on ports of its own.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    private readonly ShopFolder _folder;
    private readonly HostProcess _host;

    private ShopProcess(ShopFolder folder, HostProcess host)
    {
        (_folder, _host) = (folder, host);
        WriteApi = new HttpClient { BaseAddress = new Uri($"http://localhost:{folder.PortBase + 1}") };
        ReadApi = new HttpClient { BaseAddress = new Uri($"http://localhost:{folder.PortBase + 2}") };
        Projector = new HttpClient { BaseAddress = new Uri($"http://localhost:{folder.PortBase + 3}") };
    }

    public HttpClient WriteApi { get; }

    public HttpClient ReadApi { get; }

    public HttpClient Projector { get; }

    /// <param name="arguments">More arguments of the host, as <c>--orders 0</c>.</param>
    public static async Task<ShopProcess> StartAsync(params string[] arguments)
    {
        var folder = new ShopFolder();
        try
        {
            return new ShopProcess(folder, await HostProcess.StartReadyAsync([.. folder.Arguments, .. arguments]));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Connection string of a PostgreSQL instance that the host started, found where it keeps its data.</summary>
    public string ConnectionString(string database)
    {
        var password = File.ReadAllText(Path.Combine(_folder.Path, "postgres.password")).Trim();
        return $"Host=127.0.0.1;Port={PidFile(database)[3]};Username=postgres;Password={password};Database={database}";
    }

    /// <summary>A token of the sign-in, for a customer.</summary>
    public async Task<string> TokenAsync(Guid customer)
    {
        var start = new ProcessStartInfo(
            Checkout.Program("Shop.AppHost"),
            [
                "token", "--role", "customer", "--customer", $"{customer}", "--data", _folder.Path,
                "--port-base", $"{_folder.PortBase}",
            ])
        {
            RedirectStandardOutput = true,
        };
        using var command = Process.Start(start)!;
        var token = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        return command.ExitCode == 0
            ? token.Trim()
            : throw new InvalidOperationException("The sign-in issued no token. See its message above.");
    }

    /// <summary>The postmaster of a PostgreSQL instance that the host started.</summary>
    public int Postmaster(string database) => int.Parse(PidFile(database)[0], CultureInfo.InvariantCulture);

    public static int ProcessOf(string service) => CpuClock.ProcessOf(Checkout.Program(service));

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        WriteApi.Dispose();
        ReadApi.Dispose();
        Projector.Dispose();
        _folder.Dispose();
    }

    private string[] PidFile(string database) =>
        File.ReadAllLines(Path.Combine(_folder.Path, database, "postmaster.pid"));
}
