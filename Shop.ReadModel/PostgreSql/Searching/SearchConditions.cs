using Npgsql;
using Shop.ReadModel.PostgreSql.Client;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>The conditions of a search as SQL with positional parameters.</summary>
internal sealed class SearchConditions(OrderQuery query)
{
    private readonly string? _words = WordsQuery.Of(query.Text);

    /// <summary>The condition that confines a query of the summaries to the caller's orders.</summary>
    /// <returns>Null if the caller may see all orders.</returns>
    public static string? Scope(CallerScope scope, NpgsqlParameterCollection parameters) =>
        scope.CustomerId is { } customer ? $"customer_id = {parameters.AddValue(customer)}" : null;

    /// <summary>Whether the search is confined by a filter of this facet.</summary>
    public bool HasFilter(OrderFacet facet)
    {
        var filters = query.Filters;
        return facet switch
        {
            OrderFacet.Status => filters.Statuses.Count > 0,
            OrderFacet.Country => filters.Countries.Count > 0,
            OrderFacet.Currency => filters.Currencies.Count > 0,
            OrderFacet.Sku => filters.Skus.Count > 0,
            OrderFacet.Category => filters.Categories.Count > 0,
            OrderFacet.Customer => filters.CustomerIds.Count > 0,
            OrderFacet.Total => filters.TotalFrom is not null || filters.TotalTo is not null,
            _ => false,
        };
    }

    /// <summary>The condition of the words alone, for rows that another condition has found.</summary>
    public string Words(NpgsqlParameterCollection parameters) =>
        _words is null ? "TRUE" : Matches(_words, parameters);

    /// <param name="ignored">The facet whose own filter is left out.</param>
    /// <param name="sample">The level of the <see cref="Lexemes.Sample"/> that is searched; 0 for all orders.</param>
    /// <returns>A condition for WHERE; <c>TRUE</c> if every order matches.</returns>
    public string Write(NpgsqlParameterCollection parameters, OrderFacet? ignored = null, int sample = 0) =>
        Write(parameters, ignored, sample == 0 ? _words
            : _words is null ? $"'{Lexemes.Sample(sample)}'"
            : $"'{Lexemes.Sample(sample)}' & ({_words})");

    /// <summary>
    /// A condition for the orders of the <see cref="Lexemes.MarkedSample"/> that can match, which those do that have the
    /// <see cref="Words"/>.
    /// </summary>
    public string WriteMarked(NpgsqlParameterCollection parameters, OrderFacet? ignored) =>
        WordsQuery.Marked(query.Text) is { } marked
            ? Write(parameters, ignored, marked)
            : Write(parameters, ignored, Lexemes.MarkedSample);

    /// <summary>A condition for the matches of some dates, for which the index reads few others.</summary>
    /// <param name="dates">From <see cref="Lexemes.Within"/>.</param>
    public string WriteWithin(string dates, NpgsqlParameterCollection parameters) =>
        // As two conditions, each takes the index to the next order that the other one has; as one, it would read all.
        $"{Matches(dates, parameters)} AND {Write(parameters)}";

    private string Write(NpgsqlParameterCollection parameters, OrderFacet? ignored, string? words)
    {
        var filters = query.Filters;
        List<string> all = [];
        if (Scope(query.Scope, parameters) is { } scope)
            all.Add(scope);
        if (words is not null)
            all.Add(Matches(words, parameters));

        AnyOf("status", filters.Statuses, OrderFacet.Status);
        AnyOf("country", filters.Countries, OrderFacet.Country);
        AnyOf("currency", filters.Currencies, OrderFacet.Currency);
        Overlap("skus", filters.Skus, OrderFacet.Sku);
        Overlap("categories", filters.Categories, OrderFacet.Category);
        if (filters.CustomerIds.Count > 0 && ignored != OrderFacet.Customer)
            all.Add($"customer_id = ANY({parameters.AddValue<Guid[]>([.. filters.CustomerIds])})");

        if (filters.PlacedFrom is { } from)
            all.Add($"placed_at >= {parameters.AddValue(from.UtcDateTime)}");
        if (filters.PlacedBefore is { } before)
            all.Add($"placed_at < {parameters.AddValue(before.UtcDateTime)}");
        if (filters.TotalFrom is { } least && ignored != OrderFacet.Total)
            all.Add($"total >= {parameters.AddValue(least)}");
        if (filters.TotalTo is { } most && ignored != OrderFacet.Total)
            all.Add($"total <= {parameters.AddValue(most)}");

        return all.Count == 0 ? "TRUE" : string.Join(" AND ", all);

        void AnyOf(string column, IReadOnlyList<string> values, OrderFacet facet)
        {
            if (values.Count > 0 && ignored != facet)
                all.Add($"{column} = ANY({parameters.AddValue<string[]>([.. values])})");
        }

        void Overlap(string column, IReadOnlyList<string> values, OrderFacet facet)
        {
            if (values.Count > 0 && ignored != facet)
                all.Add($"{column} && {parameters.AddValue<string[]>([.. values])}");
        }
    }

    private static string Matches(string words, NpgsqlParameterCollection parameters) =>
        $"search @@ {parameters.AddValue(words)}::tsquery";
}
