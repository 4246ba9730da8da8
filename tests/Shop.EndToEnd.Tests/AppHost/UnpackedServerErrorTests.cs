using Microsoft.Extensions.Configuration;
using Shop.AppHost.Hosting;
using Shop.AppHost.Processes;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class UnpackedServerErrorTests
{
    private static readonly string Java = $"bin/{UnpackedHome.Program("java")}";

    [Theory]
    [InlineData("KAFKA_HOME", "there is no Apache Kafka 4 in")]
    [InlineData("ES_HOME", "there is no Elasticsearch in")]
    public async Task A_folder_that_holds_no_such_server_is_named(string setting, string expected)
    {
        using var folder = new ShopFolder();
        await using var host = HostProcess.Start([.. folder.Arguments, $"--{setting}", "docs"]);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(
            $"{setting}: {expected} {Path.Combine(HostProcess.Root, "docs")}", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_servers_own_Java_wins_over_that_of_the_machine_and_that_over_the_path()
    {
        using var own = new UnpackedHome($"jdk/{Java}");
        using var machine = new UnpackedHome(Java);
        using var path = new UnpackedHome(Java);
        var bin = Path.Combine(path.Path, "bin");

        Assert.Equal(Path.Combine(own.Path, "jdk"), JavaHome.Find(own.Path, Machine(machine.Path, bin)));
        Assert.Equal(machine.Path, JavaHome.Find(path.Path, Machine(machine.Path, bin)));
        Assert.Equal(path.Path, JavaHome.Find(machine.Path, Machine(null, bin)));
    }

    [Fact]
    public void Without_Java_it_is_said_how_to_name_one()
    {
        using var home = new UnpackedHome();

        var error = Assert.Throws<HostException>(() => JavaHome.Find(home.Path, Machine(home.Path, home.Path)));

        Assert.Contains("JAVA_HOME", error.Message, StringComparison.Ordinal);
    }

    private static IConfiguration Machine(string? javaHome, string path) => new ConfigurationBuilder()
        .AddInMemoryCollection([new("JAVA_HOME", javaHome), new("PATH", path)])
        .Build();
}
