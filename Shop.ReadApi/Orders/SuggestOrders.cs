using System.ComponentModel;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Names;

namespace Shop.ReadApi.Orders;

internal sealed record SuggestRequest
{
    [FromQuery(Name = "q")]
    [Description("The text typed so far; the last word matches as a prefix.")]
    public string? Text { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of suggestions, 1 to 20; the default is 10.")]
    public string? Limit { get; init; }
}

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
        [AsParameters] SuggestRequest request,
        CallerScope scope,
        NameSuggester suggester,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var text = reader.ReadText(request.Text);
        var limit = reader.ReadLimit(request.Limit);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        var suggestions = await suggester.SuggestAsync(text, scope, limit, cancellationToken);
        return TypedResults.Ok(new SuggestResponse(
            [.. suggestions.Items.Select(suggestion => new SuggestionItem(
                suggestion.Kind.ToString().ToLowerInvariant(), suggestion.Text, suggestion.Id))],
            suggestions.Corrected));
    }
}
