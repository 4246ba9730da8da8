using System.Globalization;

namespace Shop.Bench.Reporting;

/// <summary>The median of some rounds and their range, as every figure is reported.</summary>
internal readonly record struct Summary(double Median, double Lowest, double Highest)
{
    public static Summary Of(IEnumerable<double> rounds)
    {
        var sorted = rounds.Order().ToArray();
        var middle = sorted.Length / 2;
        var median = sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Summary(median, sorted[0], sorted[^1]);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Median:#,0.##} ({Lowest:#,0.##}–{Highest:#,0.##})");
}
