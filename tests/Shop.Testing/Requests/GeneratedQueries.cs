using System.Text.Json;

namespace Shop.Testing.Requests;

/// <summary>
/// Generates queries for every GET route of an OpenAPI document, with values that are valid, nearly valid, expensive or
/// nonsense. The same seed gives the same queries.
/// </summary>
public sealed class GeneratedQueries
{
    private static readonly string[] Words =
        ["lamp", "Berlin", "desk", "wireless", "Đức", "ケーブル", "SO-1", "USB-C", "500 ml", "\"red lamp\"", "o'brien", "مصباح"];

    private static readonly string[] Plausible =
        ["paid", "placed", "DE", "EUR", "Lighting", "LAMP-1", "2025-03-01", "2025-03-01T12:00:00Z", "newest", "total", "1", "100",
            "10000", "true", "false", "csv", "ndjson", "Europe/Berlin", "status,category,country,currency,day,total",
            "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8057:1"];

    private static readonly string[] Odd =
        ["", " ", "*", "\"", "\\", "%", "_", "-", "+", "~", ":*", "&|!()<->", "'; drop table orders; --", "{\"match_all\":{}}",
            "a\u0000b", "\uFEFF", "\u202E", "e\u0301\u0301\u0301", "0", "-1", "99999999999999999999", "1e400", "NaN", "null",
            "0001-01-01", "9999-12-31T23:59:59.9999999+14:00", "2025-02-30", "../../etc/passwd", "Etc/GMT+99", "\r\nX: y"];

    private readonly Random _random;
    private readonly (string Path, string[] Parameters)[] _routes;

    public GeneratedQueries(JsonElement document, int seed)
    {
        _random = new(seed);
        _routes =
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
               where path.Value.TryGetProperty("get", out _)
               select (path.Name, Query(path.Value.GetProperty("get"))),
        ];
    }

    /// <summary>The paths of all routes, as in the document.</summary>
    public IEnumerable<string> Routes => _routes.Select(route => route.Path);

    /// <returns>The route and a path with a query for it.</returns>
    public (string Route, string Url) Next()
    {
        var (path, parameters) = _routes[_random.Next(_routes.Length)];
        var segments = path.Split('/').Select(segment => segment.StartsWith('{') ? Escape(NotEmpty()) : segment);
        var query = Enumerable.Range(0, parameters.Length == 0 ? 0 : _random.Next(5))
            .Select(_ => $"{Pick(parameters)}={Escape(Value())}");
        return (path, $"{string.Join('/', segments)}?{string.Join('&', query)}");
    }

    private static string[] Query(JsonElement operation) =>
        !operation.TryGetProperty("parameters", out var parameters)
            ? []
            :
            [
                .. from parameter in parameters.EnumerateArray()
                   where parameter.GetProperty("in").GetString() == "query"
                   select parameter.GetProperty("name").GetString(),
            ];

    // A segment of dots would be another path, and servers refuse a null character in a path before a route is chosen.
    private string NotEmpty() => Value().Replace("\0", "", StringComparison.Ordinal).Trim('.') is { Length: > 0 } value ? value : "x";

    private string Value() => _random.Next(12) switch
    {
        < 3 => Pick(Words),
        < 7 => Pick(Plausible),
        7 => string.Join(' ', Enumerable.Range(0, _random.Next(1, 40)).Select(_ => Pick(Words))),
        8 => string.Join(',', Enumerable.Range(0, _random.Next(1, 120)).Select(_ => Pick(Plausible))),
        9 => new string((char)_random.Next('a', 'z' + 1), _random.Next(1, 2_000)),
        10 => new string([.. Enumerable.Range(0, _random.Next(1, 40)).Select(_ => (char)_random.Next(1, 0xD800))]),
        _ => Pick(Odd),
    };

    private T Pick<T>(T[] choices) => choices[_random.Next(choices.Length)];

    private static string Escape(string value) => Uri.EscapeDataString(value);
}
