namespace Shop.ReadModel.PostgreSql;

/// <summary>Statement triggers that copy every write to a table into another one of the same columns.</summary>
internal static class Mirror
{
    /// <param name="columns">All but the id.</param>
    public static string Start(string source, string target, params string[] columns) => $"""
        CREATE FUNCTION {source}_mirror() RETURNS trigger LANGUAGE plpgsql AS $mirror$
        BEGIN
            INSERT INTO {target} AS stored SELECT * FROM written ORDER BY id
            ON CONFLICT (id) DO UPDATE
            SET {string.Join(", ", columns.Select(column => $"{column} = excluded.{column}"))}
            WHERE stored.version <= excluded.version;
            RETURN NULL;
        END $mirror$;
        CREATE FUNCTION {source}_mirror_removal() RETURNS trigger LANGUAGE plpgsql AS $mirror$
        BEGIN
            DELETE FROM {target} USING removed WHERE {target}.id = removed.id;
            RETURN NULL;
        END $mirror$;
        CREATE TRIGGER mirror_insert AFTER INSERT ON {source} REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION {source}_mirror();
        CREATE TRIGGER mirror_update AFTER UPDATE ON {source} REFERENCING NEW TABLE AS written
            FOR EACH STATEMENT EXECUTE FUNCTION {source}_mirror();
        CREATE TRIGGER mirror_delete AFTER DELETE ON {source} REFERENCING OLD TABLE AS removed
            FOR EACH STATEMENT EXECUTE FUNCTION {source}_mirror_removal();
        """;

    public static string Stop(string source) =>
        $"DROP FUNCTION {source}_mirror() CASCADE; DROP FUNCTION {source}_mirror_removal() CASCADE;";
}
