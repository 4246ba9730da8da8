using Shop.AppHost.Hosting;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class HostArgumentsTests
{
    [Fact]
    public void A_flag_does_not_swallow_the_argument_after_it() =>
        Assert.Equal(["--reset=true", "--orders=5"], HostArguments.Normalize(["--reset", "--orders", "5"]));

    [Fact]
    public void Keys_of_the_configuration_are_passed_on() =>
        Assert.Equal(["--ConnectionStrings:kafka=h:1"], HostArguments.Normalize(["--ConnectionStrings:kafka=h:1"]));

    [Theory]
    [InlineData("--order", "5")]
    [InlineData("orders=5", "")]
    [InlineData("-o", "5")]
    public void An_unknown_argument_is_named(string argument, string value) =>
        Assert.Contains(
            $"'{argument}'",
            Assert.Throws<HostException>(() => HostArguments.Normalize([argument, value])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_missing_value_is_named() =>
        Assert.Contains("--data", Assert.Throws<HostException>(() => HostArguments.Normalize(["--data"])).Message,
            StringComparison.Ordinal);
}
