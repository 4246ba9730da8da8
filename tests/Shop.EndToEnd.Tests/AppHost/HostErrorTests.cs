using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Shop.AppHost.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class HostErrorTests
{
    private const string Impatient = "--Start:Patience=00:00:02";

    [Theory]
    [InlineData("--servers", "cloud", "--servers must be 'containers' or 'processes', but is 'cloud'")]
    [InlineData("--orders", "many", "--orders must be a number from 0 to 1000000, but is 'many'")]
    [InlineData("--port-base", "80", "--port-base must be a number from 1024 to 65528, but is '80'")]
    public void A_wrong_value_is_refused_with_what_is_allowed(string argument, string value, string expected)
    {
        var given = new ConfigurationBuilder().AddCommandLine([argument, value]).Build();

        Assert.Contains(
            expected, Assert.Throws<HostException>(() => ShopOptions.Read(given)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_refuses_its_arguments_prints_the_reason_alone()
    {
        await using var host = HostProcess.Start(["--servers", "cloud"]);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("--servers must be ", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }

    // Development servers of Node listen on ::1 alone.
    [Fact]
    public async Task A_taken_port_is_named_with_its_program_before_anything_starts()
    {
        using var folder = new ShopFolder();
        using var other = new TcpListener(IPAddress.IPv6Loopback, folder.PortBase + 2);
        other.Start();
        await using var host = HostProcess.Start(folder.Arguments);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains($"Port {folder.PortBase + 2} is taken by ", host.Output, StringComparison.Ordinal);
        Assert.Contains("It is for the read API", host.Output, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Contains($"(process {Environment.ProcessId})", host.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "orders")));
    }

    [Fact]
    public async Task A_failed_start_names_the_log_of_the_orchestrator()
    {
        using var folder = new ShopFolder();
        await using var host = HostProcess.Start([.. folder.Arguments, "--DcpPublisher:CliPath=/missing/dcp"]);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains("Starting the orchestrator", host.Output, StringComparison.Ordinal);
        Assert.Contains(
            $"The orchestrator's log is in {Path.Combine(folder.Path, "orchestrator")}", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_takes_long_says_what_it_waits_for()
    {
        using var folder = new ShopFolder();
        await using var host = HostProcess.Start(
            [.. folder.Arguments, Impatient, "--ConnectionStrings:orders=Host=127.0.0.1;Port=1;Username=u;Password=p;Database=d"]);

        // Earlier lines, on a slow machine, name the orchestrator or the read database too.
        await Eventually.HoldsAsync(
            () => Task.FromResult(host.Output.Split('\n').Any(line =>
                line.StartsWith("Not ready after ", StringComparison.Ordinal)
                && line.Contains("write-api", StringComparison.Ordinal)
                && !line.Contains("readdb", StringComparison.Ordinal))),
            "The host says that it waits for the write API alone", TimeSpan.FromSeconds(90));
    }

    [SkippableFact]
    public async Task A_server_whose_preparation_hangs_is_named_and_the_host_that_is_stopped_meanwhile_ends_with_one_line()
    {
        Skip.If(OperatingSystem.IsWindows(), "The programs are scripts, and signals are sent with kill.");
        using var folder = new ShopFolder();
        using var postgres = UnpackedHome.OfScripts(
            ("initdb", "while :; do sleep 1; done"), ("postgres", "echo 'postgres (PostgreSQL) 18.0'"));
        await using var host = HostProcess.Start(
            [.. folder.Arguments, Impatient], ("SHOP_POSTGRES_BIN", postgres.Path));

        await Eventually.HoldsAsync(
            () => Task.FromResult(host.Output.Split('\n').Any(line =>
                line.StartsWith("Not ready after ", StringComparison.Ordinal)
                && line.Contains($"orders waits for {postgres.Path}/initdb", StringComparison.Ordinal)
                && line.Contains("SHOP_POSTGRES_BIN selects another one", StringComparison.Ordinal))),
            "The host names the program that hangs", TimeSpan.FromSeconds(90));
        await host.StopAsync();

        Assert.Equal(["Stopped before everything was started."], host.OtherLines);
        Assert.Equal(0, await host.ExitAsync());
        await Eventually.GetAsync(
            () => Task.FromResult(CommandLinesWith(folder.Path, postgres.Path)), lines => lines is [], "All processes have ended");
    }

    private static string[] CommandLinesWith(params string[] paths) =>
    [
        .. Process.GetProcesses().Select(process => ReadCommandLine(process.Id))
            .Where(line => paths.Any(path => line.Contains(path, StringComparison.Ordinal))),
    ];

    private static string ReadCommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // It has ended.
        }
    }
}
