using System.Text;
using System.Text.Json.Nodes;

namespace Shop.WriteApi.Tests.Fuzz;

/// <summary>A body with one defect or oddity.</summary>
internal sealed record Mutation(string What, byte[] Body)
{
    private const string Marker = "\"@@mutated@@\"";

    private static readonly string[] Tokens =
    [
        "null", "true", "0", "-1", "1.5", "1e400", "-1e400", "9223372036854775807", "9223372036854775808",
        "1000000000000000", "1E5", "\"\"", "\" \"", "\"x\"", "\"12\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"",
        "\"\\udc00\\ud800\"", "\"\\u0007\"", "\"\\u200b\"", "\"\\ufffe\"", "\"eur\"", "\"gb\"", "[]", "[null]", "{}",
        "[[]]", "{\"amount\":1}", "{\"a\":{\"a\":{}}}",
    ];

    private static readonly int[] Lengths = [3, 21, 65, 101, 201, 255, 501, 2_001, 40_000];

    /// <summary>Bodies that no route accepts.</summary>
    public static IEnumerable<Mutation> OfWhole(string valid)
    {
        string[] bodies =
        [
            "", " ", "null", "[]", "{}", "12", "\"text\"", "true", "[null]", "{", "}", "[", "{\"a\"", "{\"a\":", "nul",
            "{]", valid[..(valid.Length / 2)], valid[..^1], $"{valid}x", $"{valid}{valid}", $"\uFEFF{valid}", $"/**/{valid}",
            new string('[', 64) + new string(']', 64), new string('[', 10_000),
            string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
            $"{{\"note\":\"{new string('x', 300_000)}\"}}", $"[{string.Join(',', Enumerable.Repeat("{}", 50_000))}]",
        ];
        foreach (var body in bodies)
            yield return new($"body {body[..Math.Min(body.Length, 20)]}", Encoding.UTF8.GetBytes(body));
        yield return new("not UTF-8", [0x7B, 0x22, 0xC3, 0x28, 0xFF, 0x22, 0x7D]);
        yield return new("UTF-16", Encoding.Unicode.GetBytes(valid));
    }

    /// <summary>Replaces, removes or duplicates each member and element in turn.</summary>
    public static IEnumerable<Mutation> OfMembers(string valid)
    {
        foreach (var path in Paths(JsonNode.Parse(valid)!, []))
        {
            var name = string.Join('.', path);
            foreach (var token in Tokens.Concat(Lengths.Select(length => $"\"{new string('x', length)}\"")))
                yield return Replace(valid, path, token, $"{name} = {token[..Math.Min(token.Length, 30)]}");
            var nulls = string.Join(',', Enumerable.Repeat("null", 201));
            yield return Replace(valid, path, $"[{nulls}]", $"{name} = 201 nulls");
            if (path[^1] is string member)
            {
                yield return Remove(valid, path);
                yield return Replace(valid, path, $"1,\"{member}\":2", $"{name} twice");
                yield return Replace(valid, path, "1,\"unknown\":{\"a\":[1]}", $"{name} = 1 and an unknown member");
            }
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        if (path.Length > 0)
            yield return path;
        var children = node switch
        {
            JsonObject members => members.Select(member => ((object)member.Key, member.Value)),
            JsonArray items => items.Select((item, index) => ((object)index, item)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            foreach (var found in Paths(child!, [.. path, key]))
                yield return found;
        }
    }

    private static Mutation Replace(string valid, object[] path, string token, string what)
    {
        var root = JsonNode.Parse(valid)!;
        var parent = Parent(root, path);
        if (path[^1] is string member)
            parent[member] = "@@mutated@@";
        else
            parent[(int)path[^1]] = "@@mutated@@";
        var text = root.ToJsonString().Replace(Marker, token, StringComparison.Ordinal);
        return new Mutation(what, Encoding.UTF8.GetBytes(text));
    }

    private static Mutation Remove(string valid, object[] path)
    {
        var root = JsonNode.Parse(valid)!;
        Parent(root, path).AsObject().Remove((string)path[^1]);
        return new Mutation($"without {string.Join('.', path)}", Encoding.UTF8.GetBytes(root.ToJsonString()));
    }

    private static JsonNode Parent(JsonNode root, object[] path) => path[..^1].Aggregate(
        root, (node, key) => (key is string member ? node[member] : node[(int)key])!);
}
