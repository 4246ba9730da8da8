using Shop.LocalServers.Machines;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class UnpackedServerErrorTests
{
    private static readonly string Java = $"bin/{UnpackedHome.Program("java")}";

    [Theory]
    [InlineData("KAFKA_HOME", "there is no Apache Kafka 4 in")]
    [InlineData("ES_HOME", "there is no Elasticsearch in")]
    public async Task A_folder_without_such_a_server_is_named(string setting, string expected)
    {
        using var folder = new ShopFolder();
        await using var host = HostProcess.Start([.. folder.Arguments, $"--{setting}", "docs"]);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(
            $"{setting}: {expected} {Path.Combine(Checkout.Root, "docs")}", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_servers_own_Java_wins_over_JAVA_HOME_which_wins_over_the_path()
    {
        using var own = new UnpackedHome($"jdk/{Java}");
        using var machine = new UnpackedHome(Java);
        using var path = new UnpackedHome(Java);
        var bin = Path.Combine(path.Path, "bin");

        Assert.Equal(Path.Combine(own.Path, "jdk"), Machine(machine.Path, bin).JavaHome(own.Path));
        Assert.Equal(machine.Path, Machine(machine.Path, bin).JavaHome(path.Path));
        Assert.Equal(path.Path, Machine(null, bin).JavaHome(machine.Path));
    }

    [Fact]
    public void Without_Java_the_message_names_JAVA_HOME()
    {
        using var home = new UnpackedHome();

        var error = Assert.Throws<LocalServerException>(() => Machine(home.Path, home.Path).JavaHome(home.Path));

        Assert.Contains("JAVA_HOME", error.Message, StringComparison.Ordinal);
    }

    private static Machine Machine(string? javaHome, string path) => new(
        setting => setting switch { "JAVA_HOME" => javaHome, "PATH" => path, _ => null }, _ => { });
}
