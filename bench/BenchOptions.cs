using System.Globalization;

namespace Shop.Bench;

/// <param name="Quick">Fewer and shorter rounds: a look, not a figure to publish; tables in docs/ stay as they are.</param>
/// <param name="Rate">Operations a second, where the benchmark has a rate.</param>
/// <param name="Seconds">Length of a round.</param>
/// <param name="Rounds">How often each arm has its turn.</param>
/// <param name="Events">Size of a backlog.</param>
/// <param name="Orders">Orders in the read store.</param>
/// <param name="Soak">Commands in a row whose memory is watched, in place of rounds.</param>
internal sealed record BenchOptions(bool Quick, int? Rate, int? Seconds, int? Rounds, int? Events, int? Orders, int? Soak)
{
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions(false, Rate: null, Seconds: null, Rounds: null, Events: null, Orders: null, Soak: null);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--quick" => options with { Quick = true },
                "--rate" => options with { Rate = Number(arguments, ++i) },
                "--seconds" => options with { Seconds = Number(arguments, ++i) },
                "--rounds" => options with { Rounds = Number(arguments, ++i) },
                "--events" => options with { Events = Number(arguments, ++i) },
                "--orders" => options with { Orders = Number(arguments, ++i) },
                "--soak" => options with { Soak = Number(arguments, ++i) },
                var unknown => throw new ArgumentException($"'{unknown}' is no option of the benchmarks."),
            };
        }

        return options;
    }

    private static int Number(ReadOnlySpan<string> arguments, int index) =>
        index < arguments.Length && int.TryParse(arguments[index], CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? number
            : throw new ArgumentException($"{arguments[index - 1]} takes a whole number above 0.");
}
