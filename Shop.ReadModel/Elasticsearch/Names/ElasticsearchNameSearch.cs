using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Names;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Names;

internal sealed class ElasticsearchNameSearch(ElasticsearchRest rest, NameSchema schema, ElasticsearchOptions options)
    : INameSearch
{
    private const string Terms = "terms";

    public async Task<IReadOnlyList<FoundName>> FindAsync(NameQuery query, CancellationToken cancellationToken)
    {
        if (!query.Text.HasRequired)
            return [];

        var request = new JsonObject
        {
            ["query"] = new JsonObject
            {
                ["bool"] = new JsonObject
                {
                    ["filter"] = new JsonArray(
                    [
                        Query("term", "kind", NameDocument.KindOf(query.Kind)),
                        .. NameWord.Required(query).Select(AnyOf),
                    ]),
                    ["must_not"] = new JsonArray([.. NameWord.Excluded(query).Select(AnyOf)]),
                },
            },
            ["sort"] = new JsonArray(new JsonObject { ["weight"] = "desc" }, new JsonObject { ["key"] = "asc" }),
            ["size"] = query.Limit,
            ["track_total_hits"] = false,
        };
        var hits = await SearchAsync(schema.Live, request, cancellationToken);
        return
        [
            .. hits.Select(hit => hit!["_source"].Deserialize(NameDocumentJson.Default.NameDocument)!)
                .Select(name => new FoundName(
                    NameKey.Parse(name.Key), name.Text, name.Email, name.Country, name.Orders, name.Latest)),
        ];
    }

    public async Task<IReadOnlyList<FoundNumber>> FindNumbersAsync(
        string prefix, int limit, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["query"] = Query("prefix", "number", prefix),
            ["_source"] = new JsonArray("id", "number"),
            ["sort"] = "_doc",
            ["size"] = limit,
            ["track_total_hits"] = false,
        };
        var hits = await SearchAsync(options.Alias, request, cancellationToken);
        return
        [
            .. hits.Select(hit => hit!["_source"]!)
                .Select(order => new FoundNumber(order["number"]!.GetValue<string>(), order["id"]!.GetValue<Guid>()))
                .OrderBy(order => order.Number, StringComparer.Ordinal),
        ];
    }

    private static JsonObject AnyOf(List<NameWord[]> alternatives) => Bool(
        "should", alternatives.Select(words => words.Length == 1 ? Word(words[0]) : Bool("filter", words.Select(Word))));

    private static JsonObject Word(NameWord word)
    {
        if (!word.IsPrefix)
            return Query(Terms, Terms, new JsonArray([.. word.Spellings.Select(spelling => JsonValue.Create(spelling))]));

        return word.Spellings is [var single]
            ? Query("prefix", Terms, single)
            : Bool("should", word.Spellings.Select(spelling => Query("prefix", Terms, spelling)));
    }

    private static JsonObject Bool(string clause, IEnumerable<JsonObject> queries) =>
        new() { ["bool"] = new JsonObject { [clause] = new JsonArray([.. queries]) } };

    private static JsonObject Query(string type, string field, JsonNode value) =>
        new() { [type] = new JsonObject { [field] = value } };

    private async Task<JsonArray> SearchAsync(string alias, JsonObject request, CancellationToken cancellationToken)
    {
        var response = await rest.SendAsync(
            HttpMethod.POST, $"/{alias}/_search?allow_partial_search_results=false", cancellationToken,
            PostData.String(request.ToJsonString()));
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        var json = response.Json;
        return json["timed_out"]!.GetValue<bool>()
            ? throw new ReadStoreUnavailableException($"Elasticsearch: the search of {alias} timed out.")
            : json["hits"]!["hits"]!.AsArray();
    }
}
