using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql;

/// <summary>SQL about documents that are older than given versions.</summary>
internal static class OlderDocumentsSql
{
    /// <summary>Ids and versions need no parameters: neither can hold anything but digits.</summary>
    public static string Values(IReadOnlyList<OrderVersion> versions) => versions.Count == 0
        ? "(SELECT NULL::uuid, NULL::bigint WHERE false)"
        : $"(VALUES {string.Join(", ", versions.Select(order => $"('{order.Id:D}'::uuid, {order.Version}::bigint)"))})";

    public static string Count(OrderTables tables) =>
        $"(SELECT count(*)::int FROM {tables.Documents} d JOIN given g ON g.id = d.id WHERE d.version < g.version)";

    public static string Delete(OrderTables tables, IReadOnlyList<OrderVersion> versions) => $"""
        WITH given (id, version) AS {Values(versions)},
            gone AS (
                DELETE FROM {tables.Summaries} s USING given g WHERE s.id = g.id AND s.version < g.version)
        DELETE FROM {tables.Documents} d USING given g WHERE d.id = g.id AND d.version < g.version
        """;
}
