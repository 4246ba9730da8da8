using System.Globalization;
using Bogus;

namespace Shop.AppHost.SampleData;

/// <summary>
/// Generates realistic orders of the last year. The order with a given number is the same in every run, so an
/// interrupted import can be resumed.
/// </summary>
internal sealed class SampleOrders(IReadOnlyList<Product> catalogue, DateTimeOffset now)
{
    private const int Seed = 1815;
    private const int Days = 365;

    private readonly SampleCustomers _customers = new(Seed);
    private readonly Faker _faker = new() { Random = new Randomizer(Seed) };

    public IEnumerable<ImportedOrder> Generate()
    {
        for (var number = 1; ; number++)
        {
            yield return Next(number);
        }
    }

    private ImportedOrder Next(int number)
    {
        var customer = _customers.Pick(_faker.Random);
        var age = Age();
        return new(
            string.Create(CultureInfo.InvariantCulture, $"sample-{number:00000}"),
            customer.Customer,
            Lines(),
            customer.Address,
            SampleNotes.Pick(_faker),
            now - age,
            Status(age));
    }

    /// <summary>Recent ages are more frequent, as in a shop that grows.</summary>
    private TimeSpan Age() => TimeSpan.FromMinutes(5) + TimeSpan.FromDays(Days * Math.Pow(_faker.Random.Double(), 1.4));

    private List<ImportedLine> Lines()
    {
        var count = _faker.Random.WeightedRandom([1, 2, 3, 4, 6], [0.46f, 0.28f, 0.15f, 0.08f, 0.03f]);
        return [.. _faker.PickRandom(catalogue, Math.Min(count, catalogue.Count)).Select(product => new ImportedLine(
            product.Sku,
            product.Name,
            product.Category,
            _faker.Random.WeightedRandom([1, 2, 3, 4, 10], [0.72f, 0.17f, 0.06f, 0.03f, 0.02f]),
            product.Price))];
    }

    private string Status(TimeSpan age) => age.TotalDays switch
    {
        < 1 => _faker.Random.WeightedRandom(["placed", "paid", "cancelled"], [0.35f, 0.6f, 0.05f]),
        < 3 => _faker.Random.WeightedRandom(["placed", "paid", "shipped", "cancelled"], [0.05f, 0.35f, 0.54f, 0.06f]),
        < 8 => _faker.Random.WeightedRandom(["paid", "shipped", "delivered", "cancelled"], [0.05f, 0.4f, 0.48f, 0.07f]),
        _ => _faker.Random.WeightedRandom(
            ["shipped", "delivered", "cancelled", "refunded"], [0.01f, 0.87f, 0.08f, 0.04f]),
    };
}
