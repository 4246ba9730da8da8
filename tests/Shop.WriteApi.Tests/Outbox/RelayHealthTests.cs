using System.Net;
using System.Text.Json;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Outbox;

/// <summary>The write API's <c>/health/lag</c> over HTTP, with real servers that are taken away.</summary>
public sealed class RelayHealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // The promise is the limit and 10 s. The rest allows for a busy machine.
    private static readonly TimeSpan Within = Limit + TimeSpan.FromSeconds(10) + TimeSpan.FromSeconds(10);

    [SkippableFact]
    public async Task A_broker_that_is_stopped_is_named_and_a_restarted_one_heals()
    {
        var home = LocalKafka.FindHome();
        Skip.If(home is null, "No Kafka of the test's own: set KAFKA_HOME to the folder of an unpacked Apache Kafka 4.");
        await using var kafka = await LocalKafka.CreateAsync(home!);
        await using var api = await StartAsync(await CreateDatabaseAsync(), kafka.ConnectionString);
        await ReadHealthAsync(api, HttpStatusCode.OK);

        await kafka.StopAsync();
        await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable, "broker: ");

        await kafka.StartAsync();
        await ReadHealthAsync(api, HttpStatusCode.OK);
    }

    [SkippableFact]
    public async Task A_broker_that_cuts_its_connections_is_named()
    {
        var kafka = KafkaServer.StartMock();
        await using var api = await StartAsync(await CreateDatabaseAsync(), kafka);
        await ReadHealthAsync(api, HttpStatusCode.OK);

        kafka.SetAway(true);
        await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable, "broker: ");

        kafka.SetAway(false);
        await ReadHealthAsync(api, HttpStatusCode.OK);
    }

    [SkippableFact]
    public async Task A_broker_that_is_away_from_the_start_is_named()
    {
        await using var api = await StartAsync(await CreateDatabaseAsync(), "127.0.0.1:1");

        await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable, "broker: ");
    }

    [SkippableFact]
    public async Task A_write_database_that_is_killed_is_named_and_a_restarted_one_heals()
    {
        await using var postgres = await LocalPostgres.CreateAsync();
        var kafka = KafkaServer.StartMock();
        await using var api = await StartAsync(postgres.ConnectionString, kafka);
        await using var unaware = await StartAsync(
            postgres.ConnectionString, kafka, ("Relay:LagInterval", "01:00:00"), ("Relay:Slot", "unaware"));
        await ReadHealthAsync(api, HttpStatusCode.OK);

        await postgres.KillAsync();
        await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable, "write database: ");
        await ReadHealthAsync(unaware, HttpStatusCode.ServiceUnavailable, "write database: ");

        await postgres.StartAsync();
        await ReadHealthAsync(api, HttpStatusCode.OK);
    }

    [SkippableFact]
    public async Task A_relay_that_may_not_replicate_any_more_is_named_and_heals()
    {
        await using var postgres = await LocalPostgres.CreateAsync();
        await ExecuteAsync(postgres.ConnectionString,
            "create role shop login replication password 'shop'; grant all on schema public to shop; "
            + "alter database postgres owner to shop; alter schema public owner to shop");
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString)
        {
            Username = "shop",
            Password = "shop",
        };
        await using var api = await StartAsync(connection.ConnectionString, KafkaServer.StartMock());
        await ReadHealthAsync(api, HttpStatusCode.OK);

        // One after the other: in one transaction, the relay could be back before the role is changed.
        await ExecuteAsync(postgres.ConnectionString, "alter role shop noreplication");
        await ExecuteAsync(postgres.ConnectionString, "select pg_terminate_backend(active_pid) from pg_replication_slots");
        await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable, "relay: ");

        await ExecuteAsync(postgres.ConnectionString, "alter role shop replication");
        await ReadHealthAsync(api, HttpStatusCode.OK);
    }

    [SkippableFact]
    public async Task A_lost_slot_that_cannot_be_replaced_is_named()
    {
        await using var postgres = await LocalPostgres.CreateAsync();
        await using var api = await StartAsync(postgres.ConnectionString, KafkaServer.StartMock());
        await ReadHealthAsync(api, HttpStatusCode.OK);

        // Another session takes the slot's place before the relay comes back.
        await ExecuteAsync(postgres.ConnectionString,
            """
            alter table outbox rename to outbox_away;
            do $$
            begin
                loop
                    begin
                        perform pg_terminate_backend(active_pid) from pg_replication_slots where active;
                        perform pg_drop_replication_slot(slot_name) from pg_replication_slots;
                        exit;
                    exception when object_in_use then
                        perform pg_sleep(0.001);
                    end;
                end loop;
            end $$;
            """);

        var problem = await ReadHealthAsync(api, HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith("relay: ", problem);
    }

    private static async Task<string> CreateDatabaseAsync() =>
        await (await PostgresServer.GetAsync()).CreateDatabaseAsync();

    [SkippableFact]
    public async Task The_status_of_the_relay_has_ids_in_one_form()
    {
        await using var api = await StartAsync(await CreateDatabaseAsync(), KafkaServer.StartMock());
        const string id = "01890a5d-ac96-774b-bcce-b302099a8057";
        string[] others =
        [
            "+1a21e8a-b02c-7000-8000-000000000000", "0x000000-0000-4000-8000-000000000000", $"{id}\n", $" {id}",
            $"{{{id}}}", id.Replace("-", "", StringComparison.Ordinal), "x",
        ];

        foreach (var other in others)
        {
            using var refused = await api.Client.GetAsync($"/relay?order={Uri.EscapeDataString(other)}");
            Assert.Equal("request.invalid", await refused.ReadCodeAsync(HttpStatusCode.BadRequest));
        }

        using var response = await api.Client.GetAsync($"/relay?order={id}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<WriteApi> StartAsync(
        string database, KafkaServer kafka, params (string Name, string Value)[] settings)
    {
        var topic = await kafka.CreateTopicAsync();
        return await StartAsync(database, kafka.BootstrapServers, [("Relay:Topic", topic), .. settings]);
    }

    private static Task<WriteApi> StartAsync(
        string database, string kafka, params (string Name, string Value)[] settings) =>
        WriteApi.StartAsync(database, builder =>
        {
            builder.UseSetting("ConnectionStrings:kafka", kafka);
            builder.UseSetting("Relay:Enabled", "true");
            builder.UseSetting("Relay:MaxLag", $"{Limit}");
            foreach (var (name, value) in settings)
                builder.UseSetting(name, value);
        });

    /// <returns>The check's words, once the response has the status and names the link.</returns>
    private static async Task<string> ReadHealthAsync(WriteApi api, HttpStatusCode status, string link = "")
    {
        var body = "";
        await Eventually.GetAsync(
            async () =>
            {
                using var response = await api.Client.GetAsync("/health/lag");
                body = await response.Content.ReadAsStringAsync();
                return (response.StatusCode, body);
            },
            actual => actual.StatusCode == status && Detail(actual.body)?.StartsWith(link, StringComparison.Ordinal) != false,
            $"/health/lag responds {(int)status} and names '{link}'",
            Within);
        return Detail(body)!;
    }

    private static string? Detail(string body) =>
        JsonDocument.Parse(body).RootElement.GetProperty("checks")[0].GetProperty("detail").GetString();

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection($"{connectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
