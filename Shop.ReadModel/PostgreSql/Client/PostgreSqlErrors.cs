using Npgsql;

namespace Shop.ReadModel.PostgreSql.Client;

/// <summary>What an exception of the driver means to callers of the store.</summary>
internal static class PostgreSqlErrors
{
    /// <summary>
    /// Whether the data itself was refused (https://www.postgresql.org/docs/current/errcodes-appendix.html): data
    /// exception, constraint violation, limit of the program. The same data will be refused again.
    /// </summary>
    public static bool IsRefusal(this PostgresException exception) => exception.SqlState[..2] is "22" or "23" or "54";

    /// <summary>
    /// Whether the server or the way to it failed, rather than our statement: a wrong statement is a bug to be seen,
    /// a missing table or column is about to be created or is in the tables that a rebuild makes.
    /// </summary>
    public static bool IsUnavailable(this NpgsqlException exception) =>
        exception.SqlState is null or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.InsufficientPrivilege
        || exception.SqlState[..2] != "42";

    public static ReadStoreUnavailableException ToUnavailable(this NpgsqlException exception) =>
        new($"PostgreSQL does not serve: {exception.Message}", exception);

    public static async Task<T> Guarded<T>(Task<T> task)
    {
        try
        {
            return await task;
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }
}
