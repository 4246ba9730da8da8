using System.Net;
using System.Text;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Import;

/// <summary>Clients that write, read and wait in different orders.</summary>
public sealed class ImportClientTests
{
    private const int ManyLines = 200_000;

    [Theory]
    [InlineData("Http1")]
    [InlineData("Http2")]
    public async Task A_client_that_writes_everything_before_it_reads_gets_every_outcome(string protocol)
    {
        await using var api = await StartAsync(protocol);
        // Some 20 MB of outcomes: more than any buffer between client and server holds.
        using var body = new StringContent(
            string.Concat(Enumerable.Repeat("x\n", ManyLines)), Encoding.UTF8, "application/x-ndjson");

        var response = await api.PostAsync("/orders/import", body).WaitAsync(TimeSpan.FromMinutes(1));

        var outcomes = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, outcomes);
        Assert.Equal(ManyLines, outcomes.Count(character => character == '\n'));
    }

    private static async Task<WriteApi> StartAsync(string protocol)
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        var api = WriteApi.StartWithoutWaiting(connectionString, builder =>
            builder.UseSetting("Kestrel:EndpointDefaults:Protocols", protocol));
        if (protocol == "Http2")
        {
            api.Client.DefaultRequestVersion = HttpVersion.Version20;
            api.Client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        }

        await Eventually.HoldsAsync(
            async () => (await api.Client.GetAsync("/health/ready")).IsSuccessStatusCode, "The write API is ready");
        return api;
    }
}
