using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadModel;

namespace Shop.ReadApi.Queries;

/// <summary>What somebody is typing, to be completed.</summary>
internal sealed record TypedTextRequest
{
    [FromQuery(Name = "q")]
    [Description("The text typed so far; the last word matches as a prefix.")]
    public string? Text { get; init; }

    [FromQuery(Name = "limit")]
    [Description("The maximum number of results, 1 to 20; the default is 10.")]
    public string? Limit { get; init; }

    public (SearchText Text, int Limit) Read(QueryReader reader) => (reader.ReadText(Text), reader.ReadLimit(Limit));
}
