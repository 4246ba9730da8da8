using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Import;

/// <summary>Clients that write, read and wait in different orders.</summary>
public sealed class ImportClientTests
{
    [Theory]
    [InlineData("Http1")]
    [InlineData("Http2")]
    public async Task A_client_that_writes_everything_before_it_reads_gets_every_outcome(string protocol)
    {
        await using var api = await StartAsync(protocol);
        using var body = new StringContent(ImportTests.LongLines, Encoding.UTF8, "application/x-ndjson");

        var response = await api.PostAsync("/orders/import", body).WaitAsync(TimeSpan.FromMinutes(3));

        var outcomes = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, outcomes);
        Assert.Equal(ImportTests.LongLinesCount, outcomes.Count(character => character == '\n'));
    }

    [Fact]
    public async Task A_client_that_waits_for_each_outcome_before_the_next_line_gets_it()
    {
        await using var api = await StartAsync("Http2");
        var body = new SteppedBody();
        using var request = body.ToRequest();
        // The factory's client reads the whole body before it sends, to follow redirects.
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        StreamReader? outcomes = null;
        for (var i = 0; i < 3; i++)
        {
            await body.WriteAsync(ImportTests.Line($"step-{i}") + "\n");
            outcomes ??= new StreamReader(await (await sent.WaitAsync(TimeSpan.FromSeconds(20))).Content.ReadAsStreamAsync());
            var outcome = await outcomes.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Contains("\"created\"", outcome, StringComparison.Ordinal);
        }

        body.End();
        Assert.Null(await outcomes!.ReadLineAsync());
    }

    [Fact]
    public async Task A_client_that_neither_sends_nor_reads_is_disconnected_and_keeps_what_was_imported()
    {
        await using var api = await StartAsync("Http2", stallTimeout: "00:00:01");
        var body = new SteppedBody();
        using var request = body.ToRequest();
        // The factory's client reads the whole body before it sends, to follow redirects.
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(ImportTests.Line("stalled") + "\n");
        using var outcomes = new StreamReader(await (await sent.WaitAsync(TimeSpan.FromSeconds(20))).Content.ReadAsStreamAsync());
        Assert.Contains("\"created\"", await outcomes.ReadLineAsync(), StringComparison.Ordinal);

        await Assert.ThrowsAnyAsync<IOException>(() => outcomes.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from orders"));
    }

    [Fact]
    public async Task An_import_ends_with_a_line_that_says_so_when_the_service_stops()
    {
        await using var api = await StartAsync("Http2");
        var body = new SteppedBody();
        using var request = body.ToRequest();
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(ImportTests.Line("before") + "\n");
        using var outcomes = new StreamReader(await (await sent.WaitAsync(TimeSpan.FromSeconds(20))).Content.ReadAsStreamAsync());
        Assert.Contains("\"created\"", await outcomes.ReadLineAsync(), StringComparison.Ordinal);

        api.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var last = await outcomes.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        body.End();
        Assert.Contains("\"failed\"", last, StringComparison.Ordinal);
        Assert.Contains("The service stops.", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_ends_its_body_does_not_hold_up_a_service_that_stops()
    {
        var api = await StartAsync("Http2");
        var body = new SteppedBody();
        using var request = body.ToRequest();
        using var client = new HttpClient { BaseAddress = api.Client.BaseAddress };
        var sent = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await body.WriteAsync(ImportTests.Line("before") + "\n");
        using var outcomes = new StreamReader(await (await sent.WaitAsync(TimeSpan.FromSeconds(20))).Content.ReadAsStreamAsync());
        Assert.Contains("\"created\"", await outcomes.ReadLineAsync(), StringComparison.Ordinal);

        var stopping = api.DisposeAsync().AsTask();

        Assert.Contains("The service stops.", await outcomes.ReadLineAsync(), StringComparison.Ordinal);
        // The host's shutdown timeout is 30 s.
        await stopping.WaitAsync(TimeSpan.FromSeconds(20));
        body.End();
    }

    internal static async Task<WriteApi> StartAsync(
        string protocol, string? connectionString = null, string stallTimeout = "00:02:00")
    {
        connectionString ??= await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        var api = WriteApi.StartWithoutWaiting(connectionString, builder => builder
            .UseSetting("Kestrel:EndpointDefaults:Protocols", protocol)
            .UseSetting("Import:StallTimeout", stallTimeout));
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
