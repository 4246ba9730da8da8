using Shop.EndToEnd.Tests.Hosting;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class OperatorSettingsTests(ShopFixture fixture)
{
    [Theory]
    [InlineData("write-api")]
    [InlineData("read-api")]
    [InlineData("projector")]
    public async Task Variables_given_to_the_host_reach_each_service_and_win_over_the_defaults(string service)
    {
        var variables = await VariablesAsync(service);

        foreach (var (name, value) in ShopFixture.Settings)
            Assert.Equal((name, value), (name, variables[name]));
    }

    [Theory]
    [InlineData("read-api")]
    [InlineData("projector")]
    public async Task A_connection_string_given_to_the_host_reaches_the_services_as_it_is(string service)
    {
        var variables = await VariablesAsync(service);

        Assert.Equal(fixture.Redis, variables["ConnectionStrings__redis"]);
    }

    [SkippableTheory]
    [InlineData("write-api")]
    [InlineData("projector")]
    public async Task A_Kafka_given_to_the_host_is_the_one_that_the_services_use(string service)
    {
        Skip.If(GivenServers.Kafka is null, "No real Kafka: set ConnectionStrings__kafka to its address, such as localhost:9092.");
        var variables = await VariablesAsync(service);

        Assert.Equal(GivenServers.Kafka, variables["ConnectionStrings__kafka"]);
    }

    private async Task<Dictionary<string, string?>> VariablesAsync(string service)
    {
        var now = await fixture.Shop.Resources.WaitForResourceAsync(service, _ => true);
        return now.Snapshot.EnvironmentVariables.ToDictionary(variable => variable.Name, variable => variable.Value);
    }
}
