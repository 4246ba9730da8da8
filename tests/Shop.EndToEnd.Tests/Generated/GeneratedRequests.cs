using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Shop.EndToEnd.Tests.Generated;

/// <summary>
/// Sends generated requests to both APIs. None may be answered with a 5xx, and every order that was accepted has to come
/// back from the read side as it was given.
/// </summary>
internal sealed class GeneratedRequests : IDisposable
{
    private static readonly string[] Filters =
        ["q", "status", "customerId", "sku", "category", "country", "currency", "placedFrom", "placedTo", "totalFrom",
            "totalTo", "sort", "size", "cursor", "facets", "highlight", "waitTimeoutMs", "limit", "timeZone", "format"];

    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        UseProxy = false,
    });

    private readonly PlacedOrders _placed;
    private readonly ConcurrentQueue<AcceptedOrder> _accepted = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly ConcurrentQueue<(Guid Customer, Guid Order)> _known = new();

    private readonly int _portBase;
    private readonly int _seed;

    public GeneratedRequests(int portBase, int seed)
    {
        (_portBase, _seed) = (portBase, seed);
        _placed = new(this);
    }

    public IReadOnlyDictionary<int, int> Statuses => _statuses;

    public IReadOnlyCollection<string> Failures => _failures;

    public int Accepted => _accepted.Count;

    public async Task SendAsync(int count) =>
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            var random = new Random(unchecked((_seed * 1_000_003) + number));
            var values = new GeneratedValues(random);
            await (random.Next(11) switch
            {
                10 => _placed.PlaceAsync(values, number),
                0 => RegisterAsync(values),
                1 or 2 => PutProductAsync(values),
                3 or 4 => ImportAsync(values, number),
                5 => ChangeAsync(values),
                6 => GetAsync(values),
                _ => SearchAsync(values),
            });
        });

    /// <summary>Reads every accepted order and compares it with what was given.</summary>
    public async Task CompareAsync() =>
        await Parallel.ForEachAsync(_accepted, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (order, stop) =>
        {
            var url = $"{Read}/orders/{order.Id}?waitFor={order.Id}:{order.Version}&waitTimeoutMs=10000";
            using var response = await _client.GetAsync(url, stop);
            var text = await response.Content.ReadAsStringAsync(stop);
            if (response.IsSuccessStatusCode)
                Compare(JsonElement.Parse(text), $"{order.Id}", order.Values);
            else
                _failures.Enqueue($"{url}: {(int)response.StatusCode} {text}");
        });

    /// <summary>Records an accepted order and the values in its request.</summary>
    internal void Accept(Guid id, long version, IReadOnlyDictionary<string, string> values) =>
        _accepted.Enqueue(new(id, version, values));

    /// <summary>Compares stored values with those of the request. A path is <c>lines.0.name</c>, for example.</summary>
    internal void Compare(JsonElement stored, string subject, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (path, given) in values)
        {
            var found = path.Split('.').Aggregate(
                stored, (node, name) => int.TryParse(name, out var index) ? node[index] : node.GetProperty(name));
            if (found.ToString() != given)
                _failures.Enqueue($"{subject} {path}: given {Escape(given)}, found {Escape(found.ToString())}");
        }
    }

    public void Dispose() => _client.Dispose();

    internal string Write => $"http://127.0.0.1:{_portBase + 1}";

    private string Read => $"http://127.0.0.1:{_portBase + 2}";

    private async Task RegisterAsync(GeneratedValues values)
    {
        var body = new { name = values.Text(200), email = $"{values.Text(60)}@example.com", country = Country(values) };
        await SendAsync(values, HttpMethod.Post, $"{Write}/customers", body);
    }

    private async Task PutProductAsync(GeneratedValues values)
    {
        var sku = values.Rarely() ? values.Text(64) : $"G-{values.Number()}";
        var body = new
        {
            name = values.Text(200),
            category = values.Text(100),
            price = new { amount = values.Number(), currency = values.Pick("EUR", "JPY", "DEM", "X") },
        };
        await SendAsync(values, HttpMethod.Put, $"{Write}/products/{Uri.EscapeDataString(sku)}", body);
    }

    private async Task ImportAsync(GeneratedValues values, int number)
    {
        var address = new
        {
            recipient = values.Text(200),
            street = values.Text(200),
            postalCode = values.Rarely() ? values.Text(20) : "10115",
            city = values.Text(100),
            country = Country(values),
        };
        var line = new
        {
            sku = values.Rarely() ? values.Text(64) : "G-1",
            name = values.Text(200),
            category = values.Rarely() ? values.Text(100) : "Generated",
            quantity = values.Rarely() ? values.Number() : 3,
            unitPrice = new { amount = values.Number(), currency = values.Pick("EUR", "JPY", "DEM") },
        };
        // One e-mail address each: orders of one share their customer's name.
        var customer = new { name = values.Text(200), email = $"g{_seed}.{number}@example.com", country = "DE" };
        var (note, placedAt) = (values.Text(2_000), values.Time());
        var order = JsonSerializer.Serialize(new
        {
            key = $"generated-{_seed}-{number}",
            customer,
            lines = new[] { line },
            shippingAddress = address,
            note,
            placedAt,
            status = values.Pick("placed", "paid", "shipped", "delivered", "cancelled"),
        });
        var answer = await SendAsync(HttpMethod.Post, $"{Write}/orders/import", Content(order, "application/x-ndjson"));
        var outcome = answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => JsonElement.Parse(text))
            .FirstOrDefault(found => found.TryGetProperty("outcome", out var kind) && kind.GetString() == "created");
        if (outcome.ValueKind != JsonValueKind.Object)
            return;
        var id = outcome.GetProperty("id").GetGuid();
        Dictionary<string, string> given = new()
        {
            ["customer.name"] = customer.name,
            ["customer.email"] = customer.email,
            ["shippingAddress.recipient"] = address.recipient,
            ["shippingAddress.street"] = address.street,
            ["shippingAddress.postalCode"] = address.postalCode,
            ["shippingAddress.city"] = address.city,
            ["shippingAddress.country"] = address.country,
            ["lines.0.name"] = line.name,
            ["lines.0.category"] = line.category,
            ["lines.0.sku"] = line.sku,
            ["lines.0.unitPrice.amount"] = line.unitPrice.amount.ToString(CultureInfo.InvariantCulture),
        };
        if (!string.IsNullOrWhiteSpace(note))
            given["note"] = note;
        Accept(id, version: 1, given);
        _known.Enqueue((Guid.Empty, id));
    }

    private async Task ChangeAsync(GeneratedValues values)
    {
        var id = _known.TryPeek(out var known) ? known.Order : Guid.CreateVersion7();
        var action = values.Pick("pay", "ship", "deliver", "cancel", "refund");
        object body = action switch
        {
            "pay" => new { method = values.Text(50), reference = values.Text(100) },
            "ship" => new { carrier = values.Text(100), trackingNumber = values.Text(100) },
            "refund" => new { amount = new { amount = values.Number(), currency = "EUR" }, reason = values.Text(500) },
            _ => new { reason = values.Text(500) },
        };
        await SendAsync(values, HttpMethod.Post, $"{Write}/orders/{id}/{action}", body);
        _known.TryDequeue(out _);
    }

    private async Task GetAsync(GeneratedValues values)
    {
        var id = _known.TryPeek(out var known) ? $"{known.Order}" : values.Text(36);
        var path = values.Pick(
            $"{Write}/orders/{id}", $"{Write}/customers/{id}", $"{Write}/products?category={Escape(values.Text(100))}",
            $"{Read}/orders/{id}", $"{Read}/orders/{id}?waitFor={Escape(values.Text(20))}", $"{Write}/openapi/v1.json");
        await SendAsync(values, values.Pick(HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Patch), path);
    }

    private async Task SearchAsync(GeneratedValues values)
    {
        var query = new StringBuilder();
        for (var i = values.Pick(1, 2, 3); i > 0; i--)
        {
            var name = values.Pick(Filters);
            query.Append(CultureInfo.InvariantCulture, $"&{name}={Escape(Value(name, values))}");
        }

        var path = values.Pick(
            "orders/search", "orders/search", "orders/search", "orders/suggest", "orders/statistics", "orders/export",
            "customers/search", $"customers/{CustomerId(values)}", $"customers/{CustomerId(values)}/orders");
        await SendAsync(values, values.Pick(HttpMethod.Get, HttpMethod.Get, HttpMethod.Head), $"{Read}/{path}?{query}");
        if (values.Rarely())
            await WatchAsync(query.ToString(), values.Pick("", "1.2.3", "nonsense", "orders!1", new string((char)0xE9, 2_000)));
    }

    /// <summary>A stream does not end by itself.</summary>
    private async Task WatchAsync(string query, string lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Read}/orders/live?{query}");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Count((int)response.StatusCode, $"GET {request.RequestUri}");
    }

    private static string CustomerId(GeneratedValues values) =>
        values.Rarely() ? Escape(values.Text(36)) : $"{Guid.CreateVersion7()}";

    private static string Value(string name, GeneratedValues values) => name switch
    {
        _ when values.Rarely() => values.Text(40),
        "status" => values.Pick("paid", "placed,paid", "x"),
        "placedFrom" or "placedTo" => values.Time(),
        "totalFrom" or "totalTo" or "size" or "limit" => $"{values.Number()}",
        "sort" => values.Pick("relevance", "newest", "oldest", "total"),
        "timeZone" => values.Pick("UTC", "Europe/Berlin", "Asia/Kathmandu", "+01:00", "Mars/Olympus"),
        "format" => values.Pick("csv", "ndjson"),
        "facets" => values.Pick("day,total", "status,category", "sku,customer,currency,country"),
        "highlight" => values.Pick("true", "True", "0"),
        "cursor" => values.Pick("", "AAAA", values.Text(30)),
        _ => values.Text(100),
    };

    internal static string Country(GeneratedValues values) => values.Pick("DE", "AE", "HK", "GB", "US", "XX", "AN");

    private async Task SendAsync(GeneratedValues values, HttpMethod method, string url, object? body = null)
    {
        var content = body is null ? null : Content(JsonSerializer.Serialize(body), values.ContentType());
        var headers = Enumerable.Range(0, values.Pick(0, 0, 1, 2)).Select(_ => values.Header());
        await SendAsync(method, url, content, [.. headers]);
    }

    /// <summary>Sends a body without odd headers, and returns the response if it was accepted.</summary>
    internal async Task<JsonElement?> TryAsync(HttpMethod method, string path, object? body)
    {
        var content = body is null ? null : Content(JsonSerializer.Serialize(body), "application/json");
        var answer = await SendAsync(method, $"{Write}{path}", content);
        return answer.Status is 200 or 201 ? JsonElement.Parse(answer.Text) : null;
    }

    private async Task<Answer> SendAsync(
        HttpMethod method, string url, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url) { Content = content };
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                content?.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var status = (int)response.StatusCode;
        Count(status, $"{method} {url}", text);
        return new(status, text);
    }

    private void Count(int status, string request, string text = "")
    {
        _statuses.AddOrUpdate(status, 1, static (_, count) => count + 1);
        if (status >= 500)
            _failures.Enqueue($"{request}: {status} {text}");
    }

    private static ByteArrayContent Content(string text, string type)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        if (MediaTypeHeaderValue.TryParse(type, out var parsed))
            content.Headers.ContentType = parsed;
        return content;
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

    private sealed record AcceptedOrder(Guid Id, long Version, IReadOnlyDictionary<string, string> Values);

    private readonly record struct Answer(int Status, string Text);
}
