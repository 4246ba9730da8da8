using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

/// <summary>Canaries in secrets and in personal fields, and where they must not be found.</summary>
public sealed class SecretTests : IDisposable
{
    // One word for each field, so that a failure names it.
    private static readonly string[] Fields =
    [
        "Name", "Email", "Recipient", "Street", "Note", "Reference", "Tracking", "Reason", "Key", "Constraint", "Query",
    ];

    private readonly ShopFolder _folder = new();
    private readonly TelemetryCollector _collector = new();
    private readonly string _redisPassword = $"rediscanary{Guid.CreateVersion7():N}";
    private readonly string _run = Guid.CreateVersion7().ToString("N")[^8..];

    private string[] Canaries => [.. Fields.Select(Canary)];

    [Fact]
    public async Task A_walk_with_failures_writes_no_secret_and_no_personal_data()
    {
        List<string> problems;
        string[] secrets;
        await using var host = await HostProcess.StartReadyAsync(
            _folder.Arguments,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("ConnectionStrings__redis", $"{await RedisServer.GetConnectionStringAsync()},password={_redisPassword}"));
        using (var client = new HttpClient())
            problems = await WalkAsync(client);
        secrets = [.. Directory.GetFiles(_folder.Path, "*.password").Select(File.ReadAllText), _redisPassword];
        Assert.Equal(6, secrets.Length);
        Contains("a command line", secrets.Concat(Canaries), CommandLines());
        Contains("an output of a process", secrets.Concat(Canaries), Outputs());
        Contains("a problem document", secrets.Concat(Canaries), problems);

        await host.StopAsync();

        Contains("the host's output", secrets.Concat(Canaries), [host.Output]);
        Assert.NotEmpty(_collector.Bodies);
        Contains("telemetry", secrets.Concat(Canaries), _collector.Bodies.Select(Encoding.UTF8.GetString));
        Contains(
            "the orchestrator's log", secrets.Concat(Canaries),
            Directory.GetFiles(Path.Combine(_folder.Path, "orchestrator")).Select(File.ReadAllText));
        if (!OperatingSystem.IsWindows())
            Assert.Empty(ReadableByOthers(_folder.Path));
    }

    public void Dispose()
    {
        _collector.Dispose();
        _folder.Dispose();
    }

    private string Canary(string field) => $"{field.ToLowerInvariant()}canary{_run}";

    private static void Contains(string where, IEnumerable<string> words, IEnumerable<string> texts)
    {
        string[] all = [.. texts];
        var found = words
            .Where(word => all.Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .Select(word => $"{word} in {all.First(text => text.Contains(word, StringComparison.OrdinalIgnoreCase))}");
        Assert.True(
            !found.Any(),
            $"In {where}: {string.Join("\n", found.Select(text => text[..Math.Min(text.Length, 2_000)]))}");
    }

    /// <returns>The bodies of the responses that are errors.</returns>
    private async Task<List<string>> WalkAsync(HttpClient client)
    {
        List<string> problems = [];
        var (write, read) = ($"http://localhost:{_folder.PortBase + 1}", $"http://localhost:{_folder.PortBase + 2}");
        var customer = await PostAsync("/customers", Customer(Canary("Name"), $"{Canary("Email")}@example.com"));
        var id = customer.GetProperty("id").GetGuid();
        var order = (await PostAsync("/orders", Order(id), key: "used")).GetProperty("id").GetGuid();
        await PostAsync($"/orders/{order}/pay", new { method = "card", reference = Canary("Reference") });
        await PostAsync($"/orders/{order}/ship", new { carrier = "Post", trackingNumber = Canary("Tracking") });
        await PostAsync($"/orders/{order}/refund", new { reason = Canary("Reason") });
        await GetAsync($"/orders/search?q={Canary("Name")}&waitFor={order}:4&waitTimeoutMs=10000");

        // Requests that are refused.
        await PostAsync("/customers", Customer(Canary("Name"), $"{Canary("Email")} is no address"));
        await PostAsync("/customers", new StringContent(
            $$"""{"name":"{{Canary("Name")}}",""", Encoding.UTF8, "application/json"));
        await PostAsync("/orders", Order(id, "NO-SUCH-SKU"));
        await PostAsync("/orders", Order(id, note: "another"), key: "used");
        await GetAsync($"/orders/search?q={Canary("Query")}&sort=no-such-sort&status=lost");

        // Failures of the databases, whose own messages quote rows.
        await ChangeAsync("orders", $"alter table customers add constraint c check (name <> '{Canary("Constraint")}')");
        await PostAsync("/customers", Customer(Canary("Constraint"), "a@example.com"));
        await ChangeAsync("orders", "alter table order_lines rename to lines_away");
        await PostAsync("/orders", Order(id));
        await ChangeAsync("orders", "alter table lines_away rename to order_lines");
        await ChangeAsync("readdb", "alter table order_documents rename to documents_away");
        await PostAsync($"/customers/{id}", Customer(Canary("Name"), "b@example.com"), HttpMethod.Put);
        await GetAsync($"/orders/search?q={Canary("Query")}");
        await ChangeAsync("readdb", "alter table documents_away rename to order_documents");
        await GetAsync($"/orders/{order}?waitFor={order}:5&waitTimeoutMs=10000");
        return problems;

        async Task<JsonElement> PostAsync(
            string path, object body, HttpMethod? method = null, string? key = null)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Post, write + path)
            {
                Content = body as HttpContent ?? JsonContent.Create(body),
            };
            request.Headers.Add("Idempotency-Key", $"{Canary("Key")}-{key ?? Guid.CreateVersion7().ToString()}");
            return await SendAsync(request);
        }

        async Task GetAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, read + path);
            await SendAsync(request);
        }

        async Task<JsonElement> SendAsync(HttpRequestMessage request)
        {
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
                problems.Add(body);
            return response.IsSuccessStatusCode ? JsonSerializer.Deserialize<JsonElement>(body) : default;
        }
    }

    private static object Customer(string name, string email) => new { name, email, country = "DE" };

    private object Order(Guid customer, string sku = "AU-1007", string note = "") => new
    {
        customerId = customer,
        lines = new[] { new { sku, quantity = 1 } },
        shippingAddress = new
        {
            recipient = Canary("Recipient"),
            street = $"{Canary("Street")} 1",
            postalCode = "10115",
            city = "Berlin",
            country = "DE",
        },
        note = Canary("Note") + note,
    };

    /// <summary>Runs a statement as the administrator, as in an accident.</summary>
    private async Task ChangeAsync(string database, string sql)
    {
        var port = (await File.ReadAllLinesAsync(Path.Combine(_folder.Path, database, "postmaster.pid")))[3];
        var password = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "postgres.password"));
        await using var source = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={port};Username=postgres;Password={password};Database={database}");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static IEnumerable<string> CommandLines() =>
        Directory.GetDirectories("/proc").Select(process => Path.Combine(process, "cmdline")).Select(TryRead);

    /// <summary>What the orchestrator keeps of the output of services and servers.</summary>
    private static IEnumerable<string> Outputs() =>
        Directory.GetDirectories(Path.GetTempPath(), "aspire-dcp*")
            .SelectMany(TryList)
            .Select(TryRead);

    private static string[] TryList(string folder)
    {
        try
        {
            return Directory.GetFiles(folder);
        }
        catch (DirectoryNotFoundException)
        {
            return []; // Another host has ended.
        }
    }

    private static string TryRead(string file)
    {
        try
        {
            using var stream = new FileStream(
                file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ""; // Gone by now, or a socket.
        }
    }

    /// <summary>Files that a user who is neither the owner nor in the group can open.</summary>
    [UnsupportedOSPlatform("windows")]
    private static IEnumerable<string> ReadableByOthers(string folder)
    {
        if (!File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherExecute))
            return [];

        return Directory.GetFiles(folder)
            .Where(file => File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherRead))
            .Where(file => Path.GetFileName(file) is not ("host.lock" or "sample-orders"))
            .Concat(Directory.GetDirectories(folder).SelectMany(ReadableByOthers));
    }
}
