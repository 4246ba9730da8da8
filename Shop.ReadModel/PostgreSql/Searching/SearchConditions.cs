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

    /// <param name="ignored">The facet whose own filter is left out.</param>
    /// <param name="sample">The level of the <see cref="Lexemes.Sample"/> that is searched; 0 for all orders.</param>
    /// <returns>A condition for WHERE; <c>TRUE</c> if every order matches.</returns>
    public string Write(NpgsqlParameterCollection parameters, OrderFacet? ignored = null, int sample = 0)
    {
        var filters = query.Filters;
        List<string> all = [];
        if (Scope(query.Scope, parameters) is { } scope)
            all.Add(scope);
        if (Words(sample) is { } words)
            all.Add($"search @@ {parameters.AddValue(words)}::tsquery");

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

    private string? Words(int sample) => sample == 0 ? _words
        : _words is null ? $"'{Lexemes.Sample(sample)}'"
        : $"'{Lexemes.Sample(sample)}' & ({_words})";
}
