using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// The mapping and settings of an index of orders (<c>orders-index.json</c>), and the names of indices:
/// <c>{alias}-{hash}-{number}</c> behind the alias.
/// </summary>
internal sealed class IndexDefinition
{
    private const string Resource = "Shop.ReadModel.Elasticsearch.orders-index.json";

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Lazy<string> Template = new(ReadTemplate);

    private readonly Regex _name;
    private readonly JsonObject _definition;
    private readonly Dictionary<string, string> _fields;

    public IndexDefinition(ElasticsearchOptions options)
    {
        Alias = options.Alias;
        _definition = JsonNode.Parse(Template.Value)!.AsObject();
        _fields = Fields(_definition["mappings"]!);
        var index = _definition["settings"]!["index"]!.AsObject();
        index["number_of_shards"] = options.Shards;
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_definition.ToJsonString(Unescaped))))[..8];
        if (options.Replicas is { } replicas)
            index["number_of_replicas"] = replicas;
        else
            index["auto_expand_replicas"] = "0-1";

        _name = new(
            $"^{Regex.Escape(Alias)}-(?<hash>[0-9a-f]{{8}})-(?<number>[0-9]{{1,9}})\\z", RegexOptions.ExplicitCapture);
    }

    public string Alias { get; }

    public string ShadowAlias => Alias + "-shadow";

    public string PreviousAlias => Alias + "-previous";

    /// <summary>A second alias of the shadow while a cutover is announced.</summary>
    public string CutoverAlias => Alias + "-cutover";

    /// <summary>The index that, beside the freshness, records how the last rebuild ended.</summary>
    public string RecordIndex => Alias + "-freshness";

    /// <summary>Identifies the mapping and settings that an index was created with.</summary>
    public string Hash { get; }

    public string Name(int number) => $"{Alias}-{Hash}-{number}";

    /// <summary>The hash and number in the name of an index that Shop created; null for any other index.</summary>
    public (string Hash, int Number)? ParseName(string index) =>
        _name.Match(index) is { Success: true } match
            ? (match.Groups["hash"].Value, int.Parse(match.Groups["number"].ValueSpan, provider: null))
            : null;

    /// <summary>The body of a request that creates an index with this alias.</summary>
    public string Body(string alias)
    {
        var body = _definition.DeepClone().AsObject();
        body["aliases"] = new JsonObject { [alias] = new JsonObject() };
        return body.ToJsonString(Unescaped);
    }

    /// <summary>Whether an index has exactly the fields and types of this definition.</summary>
    public bool HasFields(JsonNode mappings) =>
        mappings["dynamic"]?.ToString() == _definition["mappings"]!["dynamic"]?.ToString()
        && Fields(mappings) is var found
        && found.Count == _fields.Count
        && found.All(field => _fields.GetValueOrDefault(field.Key) == field.Value);

    /// <summary>
    /// The dynamic settings whose values in an index differ from this definition, with the defined values.
    /// </summary>
    public JsonObject ChangedSettings(JsonNode index)
    {
        var changed = new JsonObject();
        var ours = _definition["settings"]!["index"]!;
        foreach (var name in (ReadOnlySpan<string>)["refresh_interval", "gc_deletes"])
        {
            if ((string?)index[name] != (string?)ours[name])
                changed[name] = (string?)ours[name];
        }

        return changed;
    }

    // The rules of our own analyzer, as the data of Elasticsearch's filters.
    private static string ReadTemplate()
    {
        using var stream = typeof(IndexDefinition).Assembly.GetManifestResourceStream(Resource)!;
        var template = JsonNode.Parse(stream)!.AsObject();
        var analysis = template["settings"]!["index"]!["analysis"]!;
        // One text, which Elasticsearch splits at commas. As a list, each change of a setting would intern every element.
        analysis["char_filter"]!["folding"]!["mappings"] = string.Join(',', TextFolding.Mappings());
        analysis["tokenizer"]!["words"]!["pattern"] = WordCharacters.Pattern;
        analysis["tokenizer"]!["numbers"]!["pattern"] = PhoneNumbers.Pattern;
        var filters = analysis["filter"]!;
        filters["digits"]!["pattern"] = PhoneNumbers.Signs;
        filters["national"]!["pattern"] = PhoneNumbers.Prefix;
        filters["last"]!["patterns"] = new JsonArray(PhoneNumbers.Last);
        filters["significant"]!["min"] = PhoneNumbers.MinSignificant;
        return template.ToJsonString(Unescaped);
    }

    private static Dictionary<string, string> Fields(JsonNode mappings)
    {
        Dictionary<string, string> fields = [];
        Add("", mappings);
        return fields;

        void Add(string path, JsonNode node)
        {
            if (node["properties"] is not JsonObject properties)
            {
                fields[path] = (string?)node["type"] ?? "object";
                return;
            }

            foreach (var (name, property) in properties)
                Add($"{path}.{name}", property!);
        }
    }
}
