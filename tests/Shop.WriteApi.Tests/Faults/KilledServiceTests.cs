using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Shop.Testing;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Tests.Faults;

public sealed class KilledServiceTests
{
    private const int Commands = 1_000;
    private const int Clients = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Orders without a line, an event, an outbox row or a stored response.
    private const string Torn = """
        select count(*) from orders o
        where not exists (select from order_lines where order_id = o.id)
            or not exists (select from order_events where order_id = o.id and version = 1)
            or not exists (select from outbox where order_id = o.id and version = 1)
            or not exists (select from idempotency_keys where location = '/orders/' || o.id)
        """;

    [Fact]
    public async Task A_killed_service_leaves_no_partial_order_and_retries_place_each_order_once()
    {
        var connectionString = await (await PostgresServer.GetAsync()).CreateDatabaseAsync();
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var api = new WriteApiProcess(connectionString);
        await api.StartAsync();
        var customer = await RegisterAsync(api);
        var ids = new Guid?[Commands];
        var answered = 0;

        var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var i = client; i < Commands; i += Clients)
            {
                ids[i] = await PlaceUntilAnsweredAsync(api, customer, $"order-{i}");
                Interlocked.Increment(ref answered);
            }
        })).ToArray();
        foreach (var progress in (int[])[200, 600])
        {
            await Eventually.HoldsAsync(
                () => Task.FromResult(Volatile.Read(ref answered) >= progress), "Orders are placed", Patience);
            await api.KillAsync();
            Assert.Equal(0L, await CountAsync(database, Torn));
            await api.StartAsync();
        }

        await Task.WhenAll(clients);
        Assert.Equal(Commands, ids.Distinct().Count());
        Assert.Equal(Commands, await CountAsync(database, "select count(*) from orders"));
        Assert.Equal(Commands, await CountAsync(database, "select count(*) from outbox"));
        Assert.Equal(0L, await CountAsync(database, Torn));
        Assert.Equal(Commands, await CountAsync(database, "select count(*) from orders where id = any ($1)", ids));
    }

    private static async Task<Guid> RegisterAsync(WriteApiProcess api)
    {
        var body = new { name = "Ada", email = "ada@example.com", country = "GB" };
        using var response = await api.Client.PostAsJsonAsync("/customers", body);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> PlaceUntilAnsweredAsync(WriteApiProcess api, Guid customer, string key)
    {
        while (true)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
                {
                    Content = JsonContent.Create(Given.Order(customer)),
                    Headers = { { IdempotencyKey.Header, key } },
                };
                using var response = await api.Client.SendAsync(request);
                if (response.IsSuccessStatusCode)
                    return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
                Assert.True((int)response.StatusCode >= 500, $"{response.StatusCode} to {key}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                // The service is down. The outcome is unknown, and the key makes a retry safe.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, params Guid?[] ids)
    {
        await using var command = database.CreateCommand(sql);
        if (ids.Length > 0)
            command.Parameters.AddWithValue(ids.OfType<Guid>().ToArray());
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
