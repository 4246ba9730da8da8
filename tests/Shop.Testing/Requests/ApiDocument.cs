using System.Text.Json;

namespace Shop.Testing.Requests;

/// <summary>An OpenAPI document that responses are compared with.</summary>
public sealed class ApiDocument(JsonElement document)
{
    /// <returns>Where a body is not what the document says of the response.</returns>
    public IEnumerable<string> Differences(string method, string path, int status, JsonElement body)
    {
        var response = document.GetProperty("paths").GetProperty(path).GetProperty(method)
            .GetProperty("responses").GetProperty($"{status}");
        var content = response.GetProperty("content").EnumerateObject().First().Value;
        return Differences(content.GetProperty("schema"), body, "$");
    }

    private IEnumerable<string> Differences(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Differences(Find(reference.GetString()!), value, at);
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            return choices.EnumerateArray().Select(choice => Differences(choice, value, at).ToArray())
                .MinBy(differences => differences.Length)!;
        }

        var types = schema.GetProperty("type") is { ValueKind: JsonValueKind.Array } several
            ? several.EnumerateArray().Select(type => type.GetString())
            : [schema.GetProperty("type").GetString()];
        if (!types.Intersect(TypesOf(value)).Any())
            return [$"{at} is {value.ValueKind}"];
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfMembers(schema, value, at),
            JsonValueKind.Array => value.EnumerateArray()
                .SelectMany((item, index) => Differences(schema.GetProperty("items"), item, $"{at}[{index}]")),
            _ => [],
        };
    }

    private IEnumerable<string> OfMembers(JsonElement schema, JsonElement value, string at)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            var names = required.EnumerateArray().Select(name => name.GetString()!);
            foreach (var name in names.Where(name => !value.TryGetProperty(name, out _)))
                yield return $"{at}.{name} is missing";
        }

        foreach (var member in value.EnumerateObject())
        {
            var path = $"{at}.{member.Name}";
            var isKnown = schema.TryGetProperty("properties", out var members)
                && members.TryGetProperty(member.Name, out var known)
                || schema.TryGetProperty("additionalProperties", out known);
            foreach (var difference in isKnown ? Differences(known, member.Value, path) : [$"{path} is not known"])
                yield return difference;
        }
    }

    private JsonElement Find(string reference) =>
        reference.Split('/').Skip(1).Aggregate(document, (element, name) => element.GetProperty(name));

    private static string[] TypesOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => ["object"],
        JsonValueKind.Array => ["array"],
        JsonValueKind.String => ["string"],
        JsonValueKind.Null => ["null"],
        JsonValueKind.Number => value.TryGetInt64(out _) ? ["integer", "number"] : ["number"],
        _ => ["boolean"],
    };
}
