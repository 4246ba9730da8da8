using System.Globalization;
using Shop.Contracts;

namespace Shop.Bench.Drain;

/// <summary>Orders just placed, of a shop's size and variety, the same in every run but for their ids.</summary>
internal sealed class SampleOrders(int seed)
{
    private static readonly string[] FirstNames =
        ["Ada", "Đức", "Søren", "Zoë", "Marek", "Aiko", "Lucía", "Omar", "Élodie", "Noah", "Ingrid", "Paulo"];

    private static readonly string[] LastNames =
        ["Lovelace", "Nguyễn", "Müller", "Kowalski", "García", "Tanaka", "Okafor", "Lindqvist", "Rossi", "Dubois"];

    private static readonly (string Street, string PostalCode, string City, string Country)[] Places =
    [
        ("Lange Straße", "10115", "Berlin", "DE"), ("St James's Square", "SW1Y 4JH", "London", "GB"),
        ("Rue de Rivoli", "75001", "Paris", "FR"), ("Calle Mayor", "28013", "Madrid", "ES"),
        ("Via Garibaldi", "16124", "Genova", "IT"), ("Nyhavn", "1051", "København", "DK"),
    ];

    private static readonly (string Name, string Category)[] Products =
    [
        ("Mechanical keyboard", "Computers"), ("Wireless mouse", "Computers"), ("Desk lamp", "Lighting"),
        ("Standing desk", "Furniture"), ("Espresso machine", "Kitchen"), ("Chef's knife", "Kitchen"),
        ("Trail running shoes", "Sports"), ("Down jacket", "Clothing"), ("Noise cancelling headphones", "Audio"),
    ];

    private static readonly string?[] Notes =
        [null, null, "Leave it with the porter", "Ring twice, please", "A present: no invoice in the parcel"];

    private static readonly DateTimeOffset FirstDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);

    public OrderDocument Next()
    {
        var id = Guid.CreateVersion7();
        var name = $"{Any(FirstNames)} {Any(LastNames)}";
        var (street, postalCode, city, country) = Any(Places);
        OrderLine[] lines = [.. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Line())];
        var placedAt = FirstDay.AddSeconds(_random.Next(300 * 24 * 3600));
        return new()
        {
            Id = id,
            Number = string.Create(CultureInfo.InvariantCulture, $"SO{_random.NextInt64(1L << 40):X10}"),
            Version = 1,
            Status = OrderStatuses.Placed,
            Customer = new(Guid.CreateVersion7(), name, $"customer{_random.Next(1_000_000)}@example.org", country),
            Lines = lines,
            Total = new(lines.Sum(line => line.Quantity * line.UnitPrice.Amount), "EUR"),
            ShippingAddress = new(name, $"{street} {_random.Next(1, 200)}", postalCode, city, country),
            Note = Any(Notes),
            PlacedAt = placedAt,
            UpdatedAt = placedAt,
            Timeline = [new(OrderPlaced.Name, placedAt, 1)],
        };
    }

    private OrderLine Line()
    {
        var number = _random.Next(200);
        var (name, category) = Products[number % Products.Length];
        return new(
            $"SKU-{number:000}", $"{name} {number}", category, _random.Next(1, 4), new(990 + (number * 100), "EUR"));
    }

    private T Any<T>(T[] values) => values[_random.Next(values.Length)];
}
