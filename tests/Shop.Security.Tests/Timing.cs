using System.Diagnostics;
using System.Net;

namespace Shop.Security.Tests;

/// <summary>Compares how long two requests take.</summary>
internal static class Timing
{
    private const int Samples = 150;

    /// <summary>Fails if the medians differ by more than the noise. The requests alternate, so that both see the same load.</summary>
    public static async Task AssertEqualAsync(string first, Func<Task> one, string second, Func<Task> other)
    {
        var (ones, others) = (new List<double>(), new List<double>());
        for (var i = 0; i < Samples; i++)
        {
            ones.Add(await MeasureAsync(one));
            others.Add(await MeasureAsync(other));
        }

        var (median, expected) = (Quantile(ones, 0.5), Quantile(others, 0.5));
        var noise = Quantile(others, 0.75) - Quantile(others, 0.25);
        Assert.True(
            Math.Abs(median - expected) <= Math.Max(noise, expected / 10),
            $"{median:F3} ms for {first}, {expected:F3} ms for {second}; the noise is {noise:F3} ms.");
    }

    public static async Task NotFoundAsync(this HttpClient http, Owner caller, string path)
    {
        var (response, _) = await SecuredShop.SendAsync(http, caller.Token, HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private static async Task<double> MeasureAsync(Func<Task> request)
    {
        var start = Stopwatch.GetTimestamp();
        await request();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Quantile(List<double> values, double share) =>
        values.Order().ElementAt((int)(share * (values.Count - 1)));
}
