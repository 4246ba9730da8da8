using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Names;

namespace Shop.ReadApi.Orders;

/// <param name="Corrected">
/// The text that was completed instead, because nothing has the given words; absent if they were found.
/// </param>
internal sealed record SuggestResponse(
    IReadOnlyList<SuggestionItem> Suggestions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Corrected = null);

/// <param name="Kind">customer, product or order.</param>
internal sealed record SuggestionItem(string Kind, string Text, string Id);

internal static class SuggestOrders
{
    public static async Task<Results<Ok<SuggestResponse>, ProblemHttpResult>> HandleAsync(
        [AsParameters] TypedTextRequest request,
        CallerScope scope,
        NameSuggester suggester,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var (text, limit) = request.Read(reader);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        var suggestions = await suggester.SuggestAsync(text, scope, limit, cancellationToken);
        return TypedResults.Ok(new SuggestResponse(
            [.. suggestions.Items.Select(suggestion => new SuggestionItem(
                suggestion.Kind.ToString().ToLowerInvariant(), suggestion.Text, suggestion.Id))],
            suggestions.Corrected));
    }
}
