using Npgsql;

namespace Shop.ReadModel.PostgreSql.Client;

internal static class ReaderExtensions
{
    public static StoredOrder GetOrder(this NpgsqlDataReader reader, int ordinal) =>
        new(reader.GetFieldValue<byte[]>(ordinal));

    /// <summary>The text in a column; null if it has none.</summary>
    public static string? Text(this NpgsqlDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);

    public static async Task<List<T>> ReadAllAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> rows = [];
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}
