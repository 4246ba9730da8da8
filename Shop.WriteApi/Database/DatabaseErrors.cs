using Npgsql;

namespace Shop.WriteApi.Database;

/// <summary>What the database's errors mean here, by type, SqlState and constraint; never by text.</summary>
internal static class DatabaseErrors
{
    /// <summary>The database is away, starting, full or too slow: nothing that the caller did.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException { SqlState: var state } =>
            state.StartsWith("08", StringComparison.Ordinal)
            || state.StartsWith("53", StringComparison.Ordinal)
            || state.StartsWith("57", StringComparison.Ordinal)
            || state is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidCatalogName
                or PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable,
        NpgsqlException => true,
        _ => exception.InnerException is { } inner && IsUnavailable(inner),
    };

    /// <summary>Lost against another transaction in a way that a second try mends.</summary>
    public static bool IsRace(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    public static bool Violates(PostgresException exception, string constraint) =>
        exception.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation
        && exception.ConstraintName == constraint;
}
