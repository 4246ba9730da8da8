using Npgsql;

namespace Shop.WriteApi.Database;

/// <summary>Classifies the database's errors by type, SqlState and constraint, never by text.</summary>
internal static class DatabaseErrors
{
    /// <summary>The database is away, starting, full or too slow; the request is not at fault.</summary>
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

    /// <summary>The database's disk is full.</summary>
    public static bool IsDiskFull(Exception exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => true,
        _ => exception.InnerException is { } inner && IsDiskFull(inner),
    };

    /// <summary>Another transaction won, and a second attempt can succeed.</summary>
    public static bool IsRace(PostgresException exception) =>
        exception.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure;

    /// <summary>A value of the statement cannot be stored: its type, length or a constraint is against it.</summary>
    public static bool RefusesValue(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal)
        || exception.SqlState.StartsWith("23", StringComparison.Ordinal);

    public static bool ViolatesUnique(PostgresException exception, string constraint) =>
        exception.SqlState == PostgresErrorCodes.UniqueViolation && exception.ConstraintName == constraint;
}
