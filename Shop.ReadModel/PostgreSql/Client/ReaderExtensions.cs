using Npgsql;

namespace Shop.ReadModel.PostgreSql.Client;

internal static class ReaderExtensions
{
    public static StoredOrder GetOrder(this NpgsqlDataReader reader, int ordinal) =>
        new(reader.GetFieldValue<byte[]>(ordinal));
}
