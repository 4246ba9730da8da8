using System.Text.Json;
using Npgsql;
using Shop.Contracts;

namespace Shop.ReadModel.PostgreSql;

internal static class ReaderExtensions
{
    public static OrderDocument GetDocument(this NpgsqlDataReader reader, int ordinal)
    {
        var json = reader.GetFieldValue<byte[]>(ordinal);
        return JsonSerializer.Deserialize(json, ContractsJson.Default.OrderDocument)
            ?? throw new JsonException("The document is null.");
    }
}
