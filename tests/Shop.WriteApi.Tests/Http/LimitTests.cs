using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Limits;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Http;

/// <summary>What one caller can take of a service.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task Requests_above_the_rate_of_an_address_get_429_and_when_to_repeat_them()
    {
        await using var api = await StartAsync(
            ("Limits:IncludeLoopback", "true"), ("Limits:PerAddress:RequestsPerSecond", "0.2"),
            ("Limits:PerAddress:Burst", "3"));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 8; i++)
        {
            using var response = await api.Client.GetAsync(new Uri("/products?limit=1", UriKind.Relative));
            statuses.Add(response.StatusCode);
            if (response.StatusCode is HttpStatusCode.OK)
                continue;

            Assert.Equal("request.too-many", await response.ReadCodeAsync(HttpStatusCode.TooManyRequests));
            Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        }

        Assert.Equal(HttpStatusCode.OK, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        using var health = await api.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public void An_identity_has_one_rate_from_all_its_addresses_and_takes_nothing_from_others()
    {
        using var limiter = RequestLimiter.Create(new()
        {
            PerIdentity = new() { RequestsPerSecond = 0.001, Burst = 2 },
            PerAddress = new() { RequestsPerSecond = 0.001, Burst = 4 },
        });

        Assert.Equal([true, true, false], From(("ada", "192.0.2.1"), ("ada", "192.0.2.2"), ("ada", "192.0.2.3")));
        Assert.Equal([true, true], From(("bob", "192.0.2.1"), (null, "192.0.2.1")));
        // Four requests of this address are used up: Ada's, Bob's and two without a token.
        Assert.Equal([true, false, false], From((null, "192.0.2.1"), (null, "192.0.2.1"), ("eve", "192.0.2.1")));
        Assert.Equal([true, true, true, true, false], From([.. Enumerable.Range(1, 5)
            .Select(i => ((string?)null, $"2001:db8:0:1::{i.ToString(CultureInfo.InvariantCulture)}"))]));
        Assert.All(From([.. Enumerable.Repeat(((string?)"ada", "127.0.0.1"), 20)]), Assert.True);

        bool[] From(params (string? Subject, string Address)[] requests) => [.. requests.Select(request =>
        {
            var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(request.Address) } };
            if (request.Subject is { } subject)
                context.User = new(new ClaimsIdentity([new("sub", subject)], "test"));
            using var lease = limiter.AttemptAcquire(context);
            return lease.IsAcquired;
        })];
    }

    [Fact]
    public async Task Imports_above_their_number_get_429_and_run_when_another_one_has_ended()
    {
        await using var api = await StartAsync(("Import:MaxConcurrent", "1"));
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /orders/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + "Content-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
            // The service sends this line when it begins to read the body, so this import runs.
            using var reader = new StreamReader(client.GetStream());
            Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));

            using var refused = await ImportAsync(api);

            Assert.Equal("request.too-many", await refused.ReadCodeAsync(HttpStatusCode.TooManyRequests));
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        await Eventually.GetAsync(
            () => ImportAsync(api), response => response.StatusCode is HttpStatusCode.OK, "the next import runs");
    }

    [Fact]
    public async Task A_client_that_sends_its_headers_too_slowly_is_disconnected()
    {
        await using var api = await StartAsync(("Kestrel:Limits:RequestHeadersTimeout", "00:00:01"));
        Assert.Equal((240, TimeSpan.FromSeconds(5)), BodyRate(api));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync("GET /products HTTP/1.1\r\nHost: local"u8.ToArray());

        using var reader = new StreamReader(client.GetStream());
        var response = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 408 ", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_sends_its_body_too_slowly_is_refused_and_disconnected()
    {
        await using var api = await StartAsync(
            ("Kestrel:Limits:MinRequestBodyDataRate:BytesPerSecond", "1000"),
            ("Kestrel:Limits:MinRequestBodyDataRate:GracePeriod", "00:00:02"));
        Assert.Equal((1_000, TimeSpan.FromSeconds(2)), BodyRate(api));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, api.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            "POST /customers HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 100000\r\n\r\n{\"name\":"));

        using var reader = new StreamReader(client.GetStream());
        var response = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.StartsWith("HTTP/1.1 408 ", response, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request.timeout\"", response, StringComparison.Ordinal);
    }

    private static (double BytesPerSecond, TimeSpan GracePeriod) BodyRate(WriteApi api)
    {
        var rate = api.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.MinRequestBodyDataRate!;
        return (rate.BytesPerSecond, rate.GracePeriod);
    }

    private static Task<HttpResponseMessage> ImportAsync(WriteApi api) =>
        api.PostAsync("/orders/import", new StringContent("{}\n", Encoding.UTF8, "application/x-ndjson"));

    private static async Task<WriteApi> StartAsync(params (string Name, string Value)[] settings)
    {
        var server = await PostgresServer.GetAsync();
        return await WriteApi.StartAsync(await server.CreateDatabaseAsync(), builder =>
        {
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        });
    }
}
