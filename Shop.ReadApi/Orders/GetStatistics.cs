using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;

namespace Shop.ReadApi.Orders;

internal sealed record StatisticsRequest : FilterRequest
{
    [FromQuery(Name = "timeZone")]
    [Description("The IANA name of the time zone in which days begin and end; the default is UTC.")]
    public string? TimeZone { get; init; }
}

/// <param name="ByCategory">The 1,000 most frequent categories.</param>
internal sealed record StatisticsResponse(
    long Count,
    IReadOnlyList<Revenue> Revenue,
    IReadOnlyList<StatisticsGroup> ByStatus,
    IReadOnlyList<DayStatistics> ByDay,
    IReadOnlyList<StatisticsGroup> ByCategory,
    IReadOnlyList<StatisticsGroup> ByCountry,
    IReadOnlyList<StatisticsGroup> ByCurrency,
    string TimeZone,
    double TookMs,
    FreshnessResponse Freshness);

internal sealed record DayStatistics(string Day, long Count, IReadOnlyList<Revenue> Revenue);

internal sealed record StatisticsServices(
    CallerScope Scope, IOrderStatistics Statistics, StatisticsLimiter Limiter, FreshnessReader Freshness,
    TimeProvider Time);

internal static class GetStatistics
{
    private const int MaxCategories = 1_000;
    private const string DefaultTimeZone = "UTC";

    public static async Task<Results<Ok<StatisticsResponse>, ProblemHttpResult>> HandleAsync(
        [AsParameters] StatisticsRequest request,
        [AsParameters] StatisticsServices services,
        HttpContext http,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request.Query);
        var query = reader.ReadFilter(request, services.Scope);
        var timeZone = reader.One<string>(
            "timeZone", request.TimeZone, QueryValues.TryTimeZone, QueryValues.TimeZoneIsExpected) ?? DefaultTimeZone;
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        using var turn = await services.Limiter.WaitForTurnAsync(http, cancellationToken);
        if (turn is null)
            return ReadProblems.TooManyStatistics(http.Response);

        var started = services.Time.GetTimestamp();
        var reading = services.Freshness.ReadAsync(cancellationToken);
        var found = await services.Statistics.ReadAsync(query, timeZone, cancellationToken);
        var freshness = await reading;
        return TypedResults.Ok(new StatisticsResponse(
            found.Count,
            found.Revenue,
            found.ByStatus,
            [.. found.ByDay.Select(day => new DayStatistics(day.Value, day.Count, day.Revenue))],
            [.. found.ByCategory.Take(MaxCategories)],
            found.ByCountry,
            found.ByCurrency,
            timeZone,
            Math.Round(services.Time.GetElapsedTime(started).TotalMilliseconds, 1),
            FreshnessResponse.Of(freshness?.AsOf, services.Time.GetUtcNow())));
    }
}
