using System.Globalization;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.SampleData;

/// <summary>Represents the import of sample orders in the dashboard.</summary>
internal sealed class SampleDataResource(string name, IResourceWithEndpoints writeApi) : Resource(name)
{
    public EndpointReference WriteApi => writeApi.GetEndpoint("http");
}

internal static class SampleDataExtensions
{
    public static IResourceBuilder<SampleDataResource> AddSampleData(
        this ShopBuilder shop, string name, IResourceBuilder<ProjectResource> writeApi)
    {
        var builder = writeApi.ApplicationBuilder;
        return builder.AddResource(new SampleDataResource(name, writeApi.Resource))
            .ExcludeFromManifest()
            .WithIconName("Sparkle")
            .WithParentRelationship(writeApi)
            .WithInitialState(new()
            {
                ResourceType = "Sample orders",
                State = KnownResourceStates.Waiting,
                Properties = [new("Orders wanted", shop.SampleOrders.ToString(CultureInfo.InvariantCulture))],
            });
    }
}
