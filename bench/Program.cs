using Shop.Bench;
using Shop.Bench.Lag;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

switch (args)
{
    case ["lag", .. var options]:
        await LagBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c Release --project bench -- NAME [--quick] [--rate N] [--seconds N]
              lag       from the write's answer to the order being found
            """);
        return 2;
}
