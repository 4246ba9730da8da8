using System.Text.Json.Nodes;

namespace Shop.Projector.Tests.Elasticsearch;

/// <summary>What goes wrong with a bulk on its way to the server or back.</summary>
internal static class BulkFaults
{
    /// <summary>Nothing of it reaches the server.</summary>
    public static Task<ProxyAnswer?> Refuse(int status) => Task.FromResult<ProxyAnswer?>(
        new(status, """{"error":{"type":"es_rejected_execution_exception","reason":"by the test"}}"""));

    /// <summary>Elasticsearch applies the bulk request, but the client receives no response.</summary>
    public static async Task<ProxyAnswer?> LoseAnswerAsync(string bulk, SendBulk send)
    {
        await send(bulk);
        return null;
    }

    /// <summary>Items that are refused do not reach the server; the answer says so among those of the others.</summary>
    public static async Task<ProxyAnswer?> RefuseItemsAsync(
        string bulk, SendBulk send, int status, Func<string, bool> isRefused)
    {
        var operations = Operations(bulk).ToList();
        var taken = string.Concat(operations.Where(operation => !isRefused(operation)));
        var answer = taken.Length > 0 ? await send(taken) : new(200, """{"items":[]}""");
        if (answer.Status != 200)
            return answer;

        var items = new Queue<JsonNode?>(JsonNode.Parse(answer.Body)!["items"]!.AsArray());
        var merged = operations.Select(operation =>
            isRefused(operation) ? Refused(status) : items.Dequeue()!.DeepClone());
        return new(200, new JsonObject { ["items"] = new JsonArray([.. merged]) }.ToJsonString());
    }

    private static JsonObject Refused(int status) => new()
    {
        ["index"] = new JsonObject
        {
            ["status"] = status,
            ["error"] = new JsonObject { ["type"] = "es_rejected_execution_exception", ["reason"] = "by the test" },
        },
    };

    /// <summary>Each action with its document.</summary>
    private static IEnumerable<string> Operations(string bulk)
    {
        var lines = bulk.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            yield return lines[i].StartsWith("""{"delete":""", StringComparison.Ordinal)
                ? lines[i] + '\n'
                : lines[i] + '\n' + lines[++i] + '\n';
        }
    }
}
