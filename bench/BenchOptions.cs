using System.Globalization;

namespace Shop.Bench;

/// <param name="Quick">Runs fewer and shorter rounds, and does not change the tables in docs/.</param>
/// <param name="Secure">Compares commands with a token with those of the developer.</param>
/// <param name="Rate">Operations per second, for benchmarks with a rate.</param>
/// <param name="Seconds">The length of a round.</param>
/// <param name="Rounds">The number of rounds of each arm.</param>
/// <param name="Events">The number of events or orders.</param>
/// <param name="Orders">The number of orders in the read store.</param>
/// <param name="Soak">The number of commands in a memory test, which replaces the rounds.</param>
internal sealed record BenchOptions(bool Quick, int? Rate, int? Seconds, int? Rounds, int? Events, int? Orders, int? Soak,
    bool Secure = false)
{
    public static BenchOptions Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchOptions(false, Rate: null, Seconds: null, Rounds: null, Events: null, Orders: null, Soak: null);
        for (var i = 0; i < arguments.Length; i++)
        {
            options = arguments[i] switch
            {
                "--secure" => options with { Secure = true },
                "--quick" => options with { Quick = true },
                "--rate" => options with { Rate = Number(arguments, ++i) },
                "--seconds" => options with { Seconds = Number(arguments, ++i) },
                "--rounds" => options with { Rounds = Number(arguments, ++i) },
                "--events" => options with { Events = Number(arguments, ++i) },
                "--orders" => options with { Orders = Number(arguments, ++i) },
                "--soak" => options with { Soak = Number(arguments, ++i) },
                var unknown => throw new ArgumentException($"Unknown option '{unknown}'."),
            };
        }

        return options;
    }

    private static int Number(ReadOnlySpan<string> arguments, int index) =>
        index < arguments.Length && int.TryParse(arguments[index], CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? number
            : throw new ArgumentException($"{arguments[index - 1]} must be a whole number greater than 0.");
}
