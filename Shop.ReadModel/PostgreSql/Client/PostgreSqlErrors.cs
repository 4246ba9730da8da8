using Npgsql;

namespace Shop.ReadModel.PostgreSql.Client;

/// <summary>Classifies exceptions of the driver for callers of the store.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>
    /// Whether the server rejected the data itself (https://www.postgresql.org/docs/current/errcodes-appendix.html):
    /// data exception, constraint violation, program limit exceeded. The same data will be rejected again.
    /// </summary>
    public static bool IsRefusal(this PostgresException exception) => exception.SqlState[..2] is "22" or "23" or "54";

    /// <summary>
    /// Whether the server or the connection failed. Other errors in a statement are bugs and must stay visible. A
    /// missing table or column counts as a failure of the server, because it is about to be created, possibly by a
    /// rebuild.
    /// </summary>
    private static bool IsUnavailable(this NpgsqlException exception) =>
        exception.SqlState is null or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InsufficientPrivilege
        || exception.SqlState[..2] != "42";

    /// <summary>Fails as a store that is not available where the server or the connection failed.</summary>
    public static async Task<T> Guarded<T>(Task<T> task)
    {
        await Guarded((Task)task);
        return await task;
    }

    public static async Task Guarded(Task task)
    {
        try
        {
            await task;
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw new ReadStoreUnavailableException($"PostgreSQL is not available: {exception.Message}", exception);
        }
    }
}
