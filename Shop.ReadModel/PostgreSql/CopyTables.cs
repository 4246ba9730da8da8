namespace Shop.ReadModel.PostgreSql;

/// <summary>The tables of one copy of the documents.</summary>
internal sealed record CopyTables(string Summaries, string Documents)
{
    private static readonly string[] AllColumns =
    [
        "version", "status", "customer_id", "country", "currency", "total", "placed_at", "skus", "categories", "search",
    ];

    /// <summary>The columns of the summaries beside the id; of tables of another version, those known here.</summary>
    public IReadOnlyList<string> Columns { get; private init; } = AllColumns;

    public bool IsLive => Summaries == PostgreSqlSchema.Summaries;

    public static CopyTables Live { get; } = new(PostgreSqlSchema.Summaries, PostgreSqlSchema.Documents);
    public static CopyTables Next { get; } = new("order_summaries_next", "order_documents_next");
    public static CopyTables Previous { get; } = new("order_summaries_previous", "order_documents_previous");

    /// <summary>Whether summaries with these columns are as they are made here.</summary>
    public static bool AreColumns(IReadOnlyCollection<string> columns) =>
        columns.Count == AllColumns.Length + 1 && AllColumns.All(columns.Contains);

    /// <summary>The same tables where they have these columns.</summary>
    public CopyTables Having(IReadOnlyCollection<string> columns) =>
        this with { Columns = [.. AllColumns.Where(columns.Contains)] };

    /// <summary>What searches need beside the ids, as it stands after CREATE INDEX.</summary>
    public string[] Indexes =>
    [
        // Without the list of pending rows, which every search reads from end to end.
        $"ON {Summaries} USING gin (search, skus, categories) WITH (fastupdate = off)",
        $"ON {Summaries} (placed_at, id)",
        $"ON {Summaries} (total, id)",
        $"ON {Summaries} (customer_id)",
        $"ON {Summaries} (country)",
        $"ON {Summaries} (status)",
    ];

    // Documents are read for the few orders of a page only: apart from what is searched, of which many rows then fit in
    // a block, so that counting a hundred thousand matches touches few of them.
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
            search tsvector NOT NULL
        );
        CREATE TABLE {Documents} (
            id uuid PRIMARY KEY,
            version bigint NOT NULL,
            document json NOT NULL
        );
        """;
}
