namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>The tables of one index generation.</summary>
internal sealed record OrderTables(string Summaries, string Documents)
{
    public const string ContentHash = "content_hash";

    /// <summary>The id of the transaction that wrote the row.</summary>
    public const string ChangedIn = "changed_in";

    private static readonly string[] AllColumns =
    [
        "version", "status", "customer_id", "country", "currency", "total", "placed_at", "skus", "categories", "search",
        ChangedIn, ContentHash,
    ];

    /// <summary>
    /// The columns of the summaries except the id. For the tables of another version, only those that this one knows.
    /// </summary>
    public IReadOnlyList<string> Columns { get; private init; } = AllColumns;

    public bool HasContentHash => Columns.Contains(ContentHash);

    public bool IsLive => Summaries == PostgreSqlSchema.Summaries;

    public static OrderTables Live { get; } = new(PostgreSqlSchema.Summaries, PostgreSqlSchema.Documents);
    public static OrderTables Shadow { get; } = new("order_summaries_shadow", "order_documents_shadow");
    public static OrderTables Previous { get; } = new("order_summaries_previous", "order_documents_previous");

    /// <summary>
    /// An SQL expression for the expected <c>content_hash</c> of a row of the summaries. A row with another stored hash
    /// was changed by hand.
    /// </summary>
    public string SummaryHash(string row)
    {
        // Each value is hashed in its binary form, which does not depend on session settings. A tsvector has no hash
        // function.
        var values = Columns.Where(column => column is not (ChangedIn or ContentHash))
            .Select(column => column == "search" ? $"{row}.search::text" : $"{row}.{column}");
        return $"hash_record_extended(ROW({row}.id, {string.Join(", ", values)}), 0)";
    }

    /// <summary>An SQL expression for the expected <c>content_hash</c> of a row of the documents.</summary>
    public static string DocumentHash(string row) =>
        $"hash_record_extended(ROW({row}.id, {row}.version, {row}.document::text), 0)";

    /// <summary>Whether these are exactly the columns that this version creates.</summary>
    public static bool AreColumns(IReadOnlyCollection<string> columns) =>
        columns.Count == AllColumns.Length + 1 && AllColumns.All(columns.Contains);

    /// <summary>The same tables, restricted to the columns that exist.</summary>
    public OrderTables Having(IReadOnlyCollection<string> columns) =>
        this with { Columns = [.. AllColumns.Where(columns.Contains)] };

    /// <summary>The indexes except the primary keys, as the part of the statement after CREATE INDEX.</summary>
    public string[] Indexes =>
    [
        // With fastupdate, every search would read the whole list of pending rows.
        $"ON {Summaries} USING gin (search, skus, categories) WITH (fastupdate = off)",
        $"ON {Summaries} (placed_at, id)",
        $"ON {Summaries} (total, id)",
        $"ON {Summaries} (customer_id)",
        $"ON {Summaries} (country)",
        $"ON {Summaries} (status)",
        $"ON {Summaries} ({ChangedIn}, id)",
    ];

    // Documents are read only for the few orders of a page. They have their own table, which keeps the summaries so
    // narrow that counting a hundred thousand matches reads few blocks.
    public string Ddl => $"""
        CREATE TABLE {Summaries} (
            id uuid PRIMARY KEY,
            version bigint NOT NULL,
            status text NOT NULL,
            customer_id uuid NOT NULL,
            country text NOT NULL,
            currency text NOT NULL,
            total bigint NOT NULL,
            placed_at timestamptz NOT NULL,
            skus text[] NOT NULL,
            categories text[] NOT NULL,
            search tsvector NOT NULL,
            changed_in bigint NOT NULL,
            content_hash bigint NOT NULL
        );
        CREATE TABLE {Documents} (
            id uuid PRIMARY KEY,
            version bigint NOT NULL,
            document json NOT NULL,
            content_hash bigint NOT NULL
        );
        """;
}
